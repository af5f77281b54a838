"""What the Hub's clients do: they fetch single files, register by asking, and commit.

`downloads` counts what is fetched with few entries in the audit trail, `pulling` registers what is
asked for (REGISTRY_HUB_PULL), `repositories` and `commits` are for those who write. May use every
room but `upkeep`.
"""
