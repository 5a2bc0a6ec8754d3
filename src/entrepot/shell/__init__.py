"""The shell: the HTML round every page, its components, style and vendored browser files. It imports nothing above the kernel."""
