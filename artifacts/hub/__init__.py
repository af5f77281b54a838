"""The door for clients of the Hugging Face Hub: `HF_ENDPOINT` leads here."""
