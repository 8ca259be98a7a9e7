import { chromium } from 'playwright-core';
const file=process.argv[2];
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--headless','--no-sandbox','--disable-gpu','--disable-background-networking']});
const c=await b.newContext({offline:true,viewport:{width:1180,height:900},acceptDownloads:true}); const p=await c.newPage();
p.on('console',m=>console.log('CONSOLE',m.text().slice(0,300)));p.on('pageerror',e=>console.log('ERR',e.message.slice(0,300)));
p.on('request',r=>{ if(!/^(file|blob|data):/.test(r.url())) console.log('REQ',r.url().slice(0,80)) });
const t=Date.now();
await p.goto('file://'+file);
await p.screenshot({path:'/tmp/pyo/s0.png'});
await p.locator('body[data-ready=yes]').waitFor({timeout:60000});
console.log('ready',Date.now()-t);
await p.screenshot({path:'/tmp/pyo/s1.png'});
let i=2;
for(const f of process.argv.slice(3)){
 const t=Date.now();
 await p.locator('#files').setInputFiles(f.split(','));
 await p.locator('#result .verdict').waitFor({timeout:60000});
 console.log('checked',Date.now()-t, (await p.locator('.sentence').first().textContent()));
 await p.waitForTimeout(1500);
 await p.screenshot({path:`/tmp/pyo/s${i++}.png`, fullPage:false});
 await p.evaluate(()=>document.getElementById('result').replaceChildren());
}
await b.close();
