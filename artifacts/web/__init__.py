"""Door: pages for people, a folder for each subject.

Views parse what a person sent, call one selector or service, and draw a template. Who may see a
page, the table of routes says, and `registry_site/pages.py` checks it.
"""
