import { useState } from 'react';
import { Problem } from '@/api/problem';
import { tell, tellFailure } from '@/shared/notices';

/** A record on its way to a column. Once it is there, its version says which rows of lists are from before, until these are read anew. */
export interface Moving<Row> { row: Row; to: string; arrived?: { version: number; at: number } }

/** A field that a step asks for before a record goes there. */
export interface Asked<Row> { row: Row; to: string; fields: string[]; text: string }

/**
 * Carries records from column to column. A card is shown where it goes at once; what is refused comes back to where it was, and what the step
 * asks for is asked. Somebody else's change of other fields does not stand in the way; somebody else's move does.
 */
export function useMoves<Row extends { id: string; version: number }, More>({ send, fresh, columnOf, nameOf, titleOf, isField, refresh }: {
  send: (row: { id: string; version: number }, to: string, more?: More) => Promise<{ version: number }>; fresh: (id: string) => Promise<Row>;
  columnOf: (row: Row) => string; nameOf: (column: string) => string; titleOf: (row: Row) => string; isField: (name: string) => boolean; refresh: () => Promise<unknown>;
}) {
  const [moving, setMoving] = useState<Moving<Row>[]>([]);
  const [asked, setAsked] = useState<Asked<Row> | null>(null);

  async function move(row: Row, to: string, more?: More, undo?: (row: Row) => void, how?: () => Promise<{ version: number }>) {
    setMoving((all) => [...all.filter((one) => one.row.id !== row.id), { row, to }]);
    try {
      const { version } = how ? await how() : await sendOn(row, to, more);
      setMoving((all) => all.map((one) => one.row.id === row.id ? { row: { ...one.row, version }, to, arrived: { version, at: Date.now() } } : one));
      void refresh();
      tell(`${titleOf(row)} is in ${nameOf(to)} now.`, undo && { label: 'Undo', run: () => undo({ ...row, version }) });
    } catch (error) {
      setMoving((all) => all.filter((one) => one.row.id !== row.id));
      const problem = Problem.of(error);
      const fields = Object.keys(problem.errors);
      if (problem.status === 422 && fields.length > 0 && fields.every(isField)) setAsked({ row, to, fields, text: Object.values(problem.errors).flat().join(' ') });
      else tellFailure([problem.message, ...Object.values(problem.errors).flat()].join(' '));
      await refresh();
    }
  }

  async function sendOn(row: Row, to: string, more?: More) {
    try {
      return await send(row, to, more);
    } catch (error) {
      if (!Problem.of(error).isConflict) throw error;
    }
    const now = await fresh(row.id);
    if (columnOf(now) !== columnOf(row)) throw new Problem(409, 'moved-meanwhile', `${titleOf(row)} was moved to ${nameOf(columnOf(now))} meanwhile, by somebody else. It is left there; move it again if that is wrong.`, undefined, {}, {});
    return send(now, to, more);
  }

  return { moving, asked, setAsked, move };
}
