"""What coders do: operations, receipts, the codebook as they edit it, lists, suggestions."""
