def scripts(root): return []
