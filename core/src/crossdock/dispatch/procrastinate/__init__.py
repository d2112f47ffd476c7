"""The dispatcher of many machines: lanes are jobs of Procrastinate, in the ledger's own PostgreSQL.

A job says which lane, and nothing else. What a lane was asked for, and when it is due, stands in the ledger's table
`lanes`: a job that is lost, aborted or run twice costs time and nothing else.
"""
