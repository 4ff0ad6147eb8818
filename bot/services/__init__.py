"""One async function per thing a person can want: read rows, ask rules, write rows, return a value."""
