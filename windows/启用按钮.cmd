@echo off
chcp 65001 >nul
"%~dp0python.exe" -m perfxl trust "%~dp0."
echo.
pause
