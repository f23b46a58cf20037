"""Pages of F&I: lists, one jacket, stips, panels on other pages."""
