"""Business domains of core. Each is a package with rooms: models, rules, service, queries, schemas, api."""
