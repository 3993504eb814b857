"""The HTTP face of the kernel: schemas, the gateway that opens a unit of work, endpoints, errors and paging."""
