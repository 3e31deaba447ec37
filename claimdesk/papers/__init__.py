"""Made-up papers that look like real ones, with their truth: for tests, benchmarks and the demo office.

`form` holds a page before it is drawn, `press` draws it; one module for each kind of paper says what stands where.
"""
