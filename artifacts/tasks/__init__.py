"""Door: work that goes on after an answer. `jobs.py` names the jobs, `backend.py` delivers them."""
