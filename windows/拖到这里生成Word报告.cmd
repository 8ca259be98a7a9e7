@echo off
chcp 65001 >nul
setlocal EnableDelayedExpansion
set "PERFXL_DROPPED=!cmdcmdline!"
"%~dp0python.exe" -m perfxl drop
exit
