import { Alert, Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef } from 'react';
import { Link, useNavigate } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { Heading, Part } from '@/shared/form/FormPage';
import form from '@/shared/form/FormPage.module.css';
import { number } from '@/shared/time';
import { When } from '@/shared/When';
import { ErrorRows } from './ErrorRows';
import classes from './Imports.module.css';
import { importChanged, start, type Import, type Start } from './queries';
import { DropFile } from './UploadPage';

const rows = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;

/** What came of an import or of its trial, and what can be done next. */
export function Result({ import: one, onMap }: { import: Import; onMap: () => void }) {
  const navigate = useNavigate();
  const trial = one.plan?.dryRun ?? false;
  const key = useRef(newKey());
  const run = useMutation({
    mutationFn: () => start(one.id, { ...one.plan, dryRun: false } as Start, key.current),
    onSuccess: importChanged, onSettled: () => { key.current = newKey(); },
  });

  return (
    <div className={`${form.body} ${form.wide}`}>
      <Heading title={trial ? `Trial of ${one.fileName}` : one.fileName} subtitle={trial ? 'Nothing was written.' : <>Imported by {one.createdByName}, <When at={one.finishedAt ?? one.createdAt} /></>}
        actions={trial && <><Button variant="default" onClick={onMap}>Change the mapping</Button>{one.rowsCreated > 0 && one.state === 'completed' && <Button loading={run.isPending} onClick={() => run.mutate()}>Import {rows(one.rowsCreated, 'lead', 'leads')}</Button>}</>} />
      {run.error && <Alert color="red" role="alert">{Problem.of(run.error).message}</Alert>}
      <Verdict import={one} trial={trial} />
      <dl className={classes.counts}>
        <div><dt>Rows</dt><dd>{number(one.rowsRead)}</dd></div>
        <div><dt>{trial ? 'Would become leads' : 'Became leads'}</dt><dd>{number(one.rowsCreated)}</dd></div>
        <div data-bad={one.rowsFailed > 0 || undefined}><dt>With errors</dt><dd>{number(one.rowsFailed)}</dd></div>
      </dl>
      {!trial && one.rowsCreated > 0 && one.startedAt && <div className={form.actions}><Button component={Link} variant="default" to={`/leads?${new URLSearchParams({ 'createdAt[gte]': one.startedAt, sort: '-createdAt' })}`}>Show the new leads</Button></div>}
      {one.errorFile && (
        <Part title="Rows with errors" what={trial ? 'They would be left out. Mend the file, change the mapping, or import the others and mend these afterwards.' : 'The others are in. Mend these here, or in a spreadsheet with the error file, and import the rest.'}
          actions={<Button component="a" variant="default" href={one.errorFile} download leftSection={<IconDownload size={15} aria-hidden />}>Error file</Button>}>
          <ErrorRows import={one} mayMend={!trial} onRest={(id) => void navigate(`/leads/imports/${id}`)} />
          {!trial && <DropFile small label="Choose the mended file" onUploaded={(id) => void navigate(`/leads/imports/${id}`, { state: { like: one.id } })} />}
        </Part>
      )}
    </div>
  );
}

function Verdict({ import: one, trial }: { import: Import; trial: boolean }) {
  switch (one.state) {
    case 'failed': return <Alert color="red" role="alert" title="It could not go on">{one.problem} {one.rowsCreated > 0 && 'Leads that it had made stay.'}</Alert>;
    case 'refused': return <Alert color="yellow" role="status" title="Nothing was imported">You wanted all or nothing, and {rows(one.rowsFailed, 'row has an error', 'rows have errors')}. Mend the file and import it again.</Alert>;
    case 'cancelled': return <Alert color="gray" role="status" title="Stopped">{trial || one.rowsCreated === 0 ? 'Nothing was imported.' : `${rows(one.rowsCreated, 'lead', 'leads')} had been made and stay.`}</Alert>;
    default: return <p role="status">{trial ? (one.rowsFailed === 0 ? 'Every row would become a lead.' : `${rows(one.rowsCreated, 'row', 'rows')} would become leads, ${rows(one.rowsFailed, 'has an error', 'have errors')}.`) : one.rowsFailed === 0 ? 'Every row became a lead.' : `${rows(one.rowsCreated, 'row', 'rows')} became leads, ${rows(one.rowsFailed, 'has an error', 'have errors')}.`}</p>;
  }
}
