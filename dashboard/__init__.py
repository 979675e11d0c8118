"""Solution to people: a Dash application over runs.

A page is one module listed in dashboard/pages/__init__.py and one file of words in dashboard/words/:

    PATH = "/map"                                   # ID is the module's name: map
    TABLES = {"sites": sites_table}                 # Context -> DataFrame, downloadable as CSV and XLSX
    def layout(page: Context) -> Component          # the page for one reader and one state of the URL
    def register(app: Dash, desk: Desk) -> None     # its callbacks; component ids begin with "map-"

`Context` (dashboard/context.py) gives the run, the words and numbers of the reader's language, the theme and
the state of the URL; `panel` (dashboard/panel.py) shows a figure with its table and downloads. Callbacks make
their context with `desk.context(pathname, search)` from State("url", "pathname") and State("url", "search"),
and write what a reader may want to share to Store "page-state" (a dict; it is merged into the URL).
"""
