import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { useDraft } from '@/shared/drafts';
import form from '@/shared/form/FormPage.module.css';
import { Failed, Loading } from '@/shared/States';
import { number } from '@/shared/time';
import { readCsv, unguarded, writeCsv } from './csv';
import { rememberFile } from './files';
import classes from './Imports.module.css';
import { importChanged, start, upload, type Import, type Start } from './queries';

/** So many rows are mended here at a time; more are mended in a spreadsheet. */
const most = 200;
const own = 3;   // row number, code and message stand behind the file's own columns

/** Typed cells, by row and column: `12:3`. */
type Cells = Record<string, string>;
const untouched: Cells = {};

/** The rows with errors, as they stood in the file, each with what is wrong. Mended in place, they are imported like a file of their own. */
export function ErrorRows({ import: one, mayMend, onRest }: { import: Import; mayMend: boolean; onRest: (importId: string) => void }) {
  const errors = useQuery({
    queryKey: ['imports', 'errors', one.id, one.finishedAt],
    queryFn: async ({ signal }) => {
      const answer = await fetch(one.errorFile!, { signal }).catch(() => { throw Problem.offline(); });
      if (!answer.ok) throw await Problem.from(answer);
      const [header = [], ...records] = readCsv(await answer.text(), one.delimiter, most + 1);
      return { columns: header.slice(0, -own), rows: records.map((cells) => ({ cells: cells.slice(0, -own).map(unguarded), row: cells.at(-own)!, code: cells.at(-own + 1)!, message: cells.at(-1)! })) };
    },
    staleTime: Infinity,
  });
  const { value: typed, setValue: setTyped, discard } = useDraft<Cells>(`mend:${one.id}`, untouched);

  const rest = useMutation({
    mutationFn: async () => {
      const { columns, rows } = errors.data!;
      const content = writeCsv([columns, ...rows.map(({ cells, row }) => columns.map((_, i) => typed[`${row}:${i}`] ?? cells[i] ?? ''))], one.delimiter);
      const file = new File([content], `mended-${one.fileName}`.slice(0, 200), { type: 'text/csv' });
      const made = await upload(file, file.name, { encoding: 'utf-8', delimiter: one.delimiter }, newKey(), () => {});
      rememberFile(made.id, file);
      const mapping = Object.fromEntries(Object.entries((one.plan?.mapping ?? {}) as Record<string, string>).filter(([column]) => columns.includes(column)));
      return await start(made.id, { ...one.plan, mapping, dryRun: false } as Start, newKey());
    },
    onSuccess: (made) => { discard(); importChanged(made); onRest(made.id); },
  });

  if (errors.isPending) return <Loading lines={4} label="Loading the rows with errors" />;
  if (errors.isError) return <Failed what="The rows with errors could not be loaded." error={errors.error} retry={() => void errors.refetch()} />;
  const { columns, rows } = errors.data;
  const fields = (one.plan?.mapping ?? {}) as Record<string, string>;
  const whole = rows.length >= one.rowsFailed && columns.length > 0;

  return (
    <>
      <div className={classes.scroll} role="region" aria-label="Rows with errors, to scroll" tabIndex={0}>
        <table className={classes.errors} aria-label="Rows with errors">
          <thead><tr><th scope="col">Row</th><th scope="col">What is wrong</th>{columns.map((column) => <th key={column} scope="col">{column}</th>)}</tr></thead>
          <tbody>
            {rows.map(({ row, code, message, cells }) => {
              const wrong = code.startsWith('invalid:') ? code.slice(8).split(',') : [];
              return (
                <tr key={row}>
                  <th scope="row">{row}</th>
                  <td className={classes.message}>{message}</td>
                  {columns.map((column, i) => {
                    const isWrong = wrong.includes(fields[column] ?? '');
                    const cell = typed[`${row}:${i}`] ?? cells[i] ?? '';
                    return (
                      <td key={column} data-wrong={isWrong || undefined}>
                        {mayMend && whole ? <TextInput size="xs" aria-label={`${column}, row ${row}`} data-wrong={isWrong || undefined} value={cell} onChange={(event) => setTyped({ ...typed, [`${row}:${i}`]: event.currentTarget.value })} /> : cell}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {!whole && <p className="muted small">{rows.length < one.rowsFailed ? `The first ${number(rows.length)} of ${number(one.rowsFailed)} rows. So many are mended in the error file.` : 'These rows are mended in the error file.'}</p>}
      {mayMend && whole && (
        <div className={form.actions}>
          <Button loading={rest.isPending} onClick={() => rest.mutate()}>Import {rows.length === 1 ? 'this row' : `these ${number(rows.length)} rows`}</Button>
          <span className="muted small">With the same mapping. What is still wrong comes back like this.</span>
          {rest.error && <p role="alert" className={form.wrong}>{Problem.of(rest.error).message}</p>}
        </div>
      )}
    </>
  );
}
