// Says in a sentence what is missing, where a browser is too old for the page. Written for such browsers.
(function () {
  var header = [0, 97, 115, 109, 1, 0, 0, 0];
  // A function that catches an exception, and a table of references: the interpreter needs both.
  var exceptions = header.concat([1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 10, 8, 1, 6, 0, 6, 64, 25, 11, 11]);
  var references = header.concat([4, 4, 1, 111, 0, 0]);

  function isEnough() {
    try {
      return !!(
        window.Worker && window.Promise && window.Blob && window.URL && window.TextDecoder && window.BigInt &&
        window.Response && Blob.prototype.arrayBuffer && WebAssembly.validate(new Uint8Array(exceptions)) &&
        WebAssembly.validate(new Uint8Array(references)) && new WebAssembly.Module(new Uint8Array(header))
      );
    } catch (fault) {
      return false;
    }
  }

  function tell() {
    var place = document.getElementById("old");
    place.removeAttribute("hidden");
    place.appendChild(document.createTextNode(
      "这个浏览器的版本太旧，打不开这里的程序。请换用 Chrome 或 Edge 97、Firefox 102、Safari 16 以后的版本；" +
      "360、奇安信等浏览器请更新，并切换到“极速模式”。"
    ));
    var others = ["starting", "check"];
    for (var at = 0; at < others.length; at++) {
      document.getElementById(others[at]).setAttribute("hidden", "");
      document.getElementById(others[at]).style.display = "none"; // the oldest do not know hidden
    }
  }

  window.perfxlEnough = isEnough();
  window.onload = function () {
    // A browser that cannot read the page's own script has not set this.
    if (!window.perfxlEnough || !window.perfxlRead) tell();
  };
})();
