"""Trio as the oracle for Triad: random programs, run on both, and their traces compared.

generate    draws a program, a JSON tree, from a seed
on_trio     interprets a program on Trio; primitives and shapes are parts of it
schedules   orders in which Trio may run tasks, of which the caller chooses one
on_triad    has a JVM interpret programs on Triad
compare     decides whether a trace of Triad's is one that Trio allows
campaign    judges a range of seeds
shrink      makes a program that shows a difference small
show        writes programs and traces for people
__main__    the command line; see ci/trio-twin
"""
