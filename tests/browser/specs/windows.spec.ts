import { expect, test } from '@playwright/test';
import { again, inSight, type Old, type Windows } from '../../../clients/web/src/shared/list/again';
import { atRest, inSight as rowsInSight, moved, type Drawn } from '../../../clients/web/src/shared/list/rowWindow';

interface Row { id: string; key: number; version: number }

const [firstSize, furtherSize, eye] = [10, 20, 7];

/** A list as the server holds it, by key; windows begin after a row that need not be there any more. */
class Server {
  readonly rows = new Map<string, Row>();
  private made = 0;

  constructor(private readonly chance: (below: number) => number) {}

  add() { const id = `r${this.made++}`; this.rows.set(id, { id, key: this.chance(100_000), version: 1 }); }
  all() { return [...this.rows.values()].map((row) => ({ ...row })).sort((a, b) => a.key - b.key || (a.id < b.id ? -1 : 1)); }

  readonly ask = (after: string) => {
    const [key, id] = after.split('|') as [string, string];
    const rest = after ? this.all().filter((row) => row.key > Number(key) || (row.key === Number(key) && row.id > id)) : this.all();
    const items = rest.slice(0, after ? furtherSize : firstSize);
    return Promise.resolve({ items, next: rest.length > items.length ? `${items.at(-1)!.key}|${items.at(-1)!.id}` : '', count: after ? null : rest.length });
  };
}

const dice = (state: number) => (below: number) => {   // mulberry32
  state = (state + 0x6d2b79f5) | 0;
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
};

test('UI4: wherever a list is scrolled to, each row in sight is drawn once, in an element that stays where it is, and at rest in order', () => {
  const chance = dice(7);
  let drawn: Drawn[] = [];
  for (let step = 0, top = 0; step < 3_000; step++) {
    const [height, room, count] = [36, 700, 5_000];
    top = Math.max(0, Math.min(count * height - room, step % 50 === 0 ? chance(count * height) : top + chance(4_000) - 2_000));
    const sight = rowsInSight(top, room, height, count);
    const range = { first: Math.max(0, sight.first - chance(9)), last: Math.min(count - 1, sight.last + chance(9)) };
    const before = drawn;
    const isAtRest = step % 7 === 6;
    drawn = isAtRest ? atRest(before, range) : moved(before, range);

    const [rows, slots] = [drawn.map((one) => one.index), drawn.map((one) => one.slot)];
    const wanted = Array.from({ length: range.last - range.first + 1 }, (_, i) => range.first + i);
    const there = new Set(rows);
    // Each expectation is a step of its own for the runner, which costs more than all of this: it is asked only when something is wrong.
    const wrong = [
      sight.first * height > top || (sight.last + 1) * height < top + room ? 'rows in sight are left out' : '',
      there.size !== rows.length || new Set(slots).size !== slots.length ? 'a row or an element is drawn twice' : '',
      wanted.some((row) => !there.has(row)) ? 'a row is missing' : '',
      isAtRest && rows.some((row, i) => row !== wanted[i]) ? 'rows at rest are out of order, or too many' : '',
      !isAtRest && before.some((one, i) => one.slot !== slots[i]) ? 'an element has moved in the document' : '',
      drawn.length >= 50 ? 'too many elements' : '',
    ].filter((one) => one !== '');
    if (wrong.length > 0) expect(wrong, `step ${step}`).toEqual([]);
  }
  expect(moved(drawn, { first: drawn[0]!.index, last: drawn[0]!.index })).toBe(drawn);   // nothing is missing: nothing is drawn anew
});

test('UI10: a long list of which only some windows are asked for anew shows no row twice, and is as the server’s where one has looked', async () => {
  const chance = dice(1);
  for (let round = 0; round < 200; round++) {
    const server = new Server(chance);
    for (let i = 40 + chance(160); i > 0; i--) server.add();
    let windows: Windows<Row> = { pages: [], pageParams: [] };
    const old: Old = { now: new Set(), whenSeen: new Set() };
    for (let i = 2 + chance(7), begin = ''; i > 0 && (begin || windows.pages.length === 0); i--) {
      const page = await server.ask(begin);
      windows = { pages: [...windows.pages, page], pageParams: [...windows.pageParams, begin] };
      begin = page.next;
    }
    const shown = () => windows.pages.flatMap((page) => page.items);
    const refresh = async (first: number, onlyOld: boolean) => {
      const pages = await again(windows, old, { first, last: first + eye }, onlyOld, server.ask);
      windows = { pages, pageParams: pages.map((_, i) => i === 0 ? '' : pages[i - 1]!.next) };
    };

    for (let change = 0; change < 6; change++) {
      const id = [...server.rows.keys()][chance(server.rows.size)]!;
      const row = server.rows.get(id)!;
      const what = chance(5);
      if (what === 0) server.add();
      else {
        if (what === 1) server.rows.delete(id);
        row.version++;
        if (what === 2) row.key = chance(100_000);
        if (what === 3) row.key = Math.max(0, row.key + chance(400) - 200);
        windows.pages.forEach((page, i) => { if (page.items.some((one) => one.id === id)) old.now.add(windows.pageParams[i]!); });
      }
      await refresh(chance(Math.max(1, shown().length - eye)), false);
      const ids = shown().map((one) => one.id);
      if (new Set(ids).size !== ids.length) expect(ids, `round ${round}, change ${change}: rows that are shown twice`).toEqual([...new Set(ids)]);
    }

    // Somebody looks at all of it, bit by bit.
    for (let left = true, looks = 0; left; looks++) {
      if (looks === 20) throw new Error(`Round ${round}: what is old is asked for again and again.`);
      left = false;
      for (let first = 0; first < shown().length; first += eye - 1) {
        if (!inSight(windows, { first, last: first + eye }).some((begin) => old.whenSeen.has(begin))) continue;
        left = true;
        await refresh(first, true);
      }
    }
    expect(shown(), `round ${round}`).toEqual(server.all().slice(0, shown().length));
  }
});
