"""Work that outlives a request: a table of jobs, and the threads that do them."""
