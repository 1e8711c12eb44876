import { expect, it } from 'vitest'
import { CITING, clauseOf } from './clauses'
import { meetings } from './records.fixture'

it('are those that the server cites, and no other', () => {
  for (const [, { clauses }] of meetings) {
    expect([...CITING].sort()).toEqual(Object.keys(clauses).sort())
    for (const [rule, [clause, clause_en]] of Object.entries(clauses)) expect(clauseOf(rule)).toEqual({ clause, clause_en })
  }
})
