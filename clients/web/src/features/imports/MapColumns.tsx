import { ActionIcon, Alert, Button, Checkbox, Group, Modal, Select, TagsInput, TextInput } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { useDraft } from '@/shared/drafts';
import { Fields, Heading, Part } from '@/shared/form/FormPage';
import form from '@/shared/form/FormPage.module.css';
import { tell } from '@/shared/notices';
import { Failed, Loading } from '@/shared/States';
import { fileOf, rememberFile } from './files';
import classes from './Imports.module.css';
import { bytes, importChanged, importQuery, proposalQuery, savedMappingsQuery, saveMapping, start, upload, type Import, type Proposal, type Start } from './queries';

interface Plan { mapping: Record<string, string>; defaults: Record<string, string>; emptyValues: string[]; allOrNothing: boolean }

/** The second step: which column is which field. */
export function MapColumns({ import: one }: { import: Import }) {
  const proposal = useQuery(proposalQuery(one.id));
  // A mended error file is mapped as the file that it comes from.
  const like = (useLocation().state as { like?: string } | null)?.like;
  const before = useQuery({ ...importQuery(like ?? ''), enabled: !!like });
  if (proposal.isPending || (like && before.isPending)) return <Loading lines={10} label="Loading the columns" />;
  if (proposal.isError) return <Failed what="The columns could not be loaded." error={proposal.error} retry={() => void proposal.refetch()} />;
  return <Mapping import={one} proposal={proposal.data} plan={(one.plan ?? before.data?.plan ?? null) as Plan | null} />;
}

function Mapping({ import: one, proposal, plan: known }: { import: Import; proposal: Proposal; plan: Plan | null }) {
  // What a trial or the file before has run with, else what the service proposes.
  const [proposed] = useState<Plan>(() => ({
    mapping: known ? Object.fromEntries(Object.entries(known.mapping).filter(([column]) => proposal.columns.some((one) => one.name === column))) : Object.fromEntries(proposal.columns.filter((column) => column.field).map((column) => [column.name, column.field!])),
    defaults: known?.defaults ?? {}, emptyValues: known?.emptyValues ?? [], allOrNothing: known?.allOrNothing ?? false,
  }));
  const { value: plan, setValue: setPlan, discard } = useDraft<Plan>(`import:${one.id}`, proposed);
  const key = useRef(newKey());
  const labelOf = (field: string) => proposal.fields.find((known) => known.name === field)?.label ?? field;
  const twice = Object.values(plan.mapping).filter((field, i, all) => all.indexOf(field) !== i);

  const run = useMutation({
    mutationFn: (dryRun: boolean) => start(one.id, { ...plan, dryRun } as Start, key.current),
    onSuccess: (now) => { discard(); importChanged(now); },
    onSettled: () => { key.current = newKey(); },
  });
  const problem = run.error ? Problem.of(run.error) : null;

  const map = (column: string, field: string | null) => {
    const mapping = { ...plan.mapping };
    if (field) mapping[column] = field;
    else delete mapping[column];
    setPlan({ ...plan, mapping });
  };

  return (
    <div className={form.page}>
      <div className={form.form}>
        <div className={form.body}>
          <Heading title="Which column is which field?" subtitle={<span className="breaks">{one.fileName}, {bytes(one.size)}, {proposal.columns.length} columns. A column without a field is kept with the lead as it is.</span>} />
          <SavedOnes onTake={(saved) => setPlan({ ...plan, mapping: Object.fromEntries(Object.entries(saved.mapping).filter(([column]) => proposal.columns.some((known) => known.name === column))), defaults: saved.defaults, emptyValues: saved.emptyValues })} />
          <ul className={classes.columns} aria-label="Columns">
            {proposal.columns.map((column) => (
              <li key={column.name}>
                <div className={classes.column}><b className="breaks">{column.name}</b><span className="muted small breaks">{column.samples.filter((sample: string) => sample !== '').slice(0, 3).map((sample: string) => sample.length > 60 ? `${sample.slice(0, 60)}…` : sample).join(' · ') || 'empty in the first rows'}</span></div>
                <Select aria-label={`Field for ${column.name}`} searchable clearable allowDeselect={false} placeholder="Kept as it is" data={proposal.fields.map((field) => ({ value: field.name, label: field.label }))} value={plan.mapping[column.name] ?? null} onChange={(field) => map(column.name, field)}
                  error={plan.mapping[column.name] && twice.includes(plan.mapping[column.name]!) ? `${labelOf(plan.mapping[column.name]!)} can come from one column only.` : undefined} nothingFoundMessage="There is no such field" />
              </li>
            ))}
          </ul>
          <Part title="For all rows" what="All of this may stay as it is.">
            <Defaults proposal={proposal} mapped={Object.values(plan.mapping)} value={plan.defaults} onChange={(defaults) => setPlan({ ...plan, defaults })} />
            <TagsInput label="Cells that mean “nothing”" description="Such as n/a or Select; type one and press Enter" value={plan.emptyValues} onChange={(emptyValues) => setPlan({ ...plan, emptyValues })} />
            <Checkbox label="All or nothing" description="A single row with an error, and nothing is imported" checked={plan.allOrNothing} onChange={(event) => setPlan({ ...plan, allOrNothing: event.currentTarget.checked })} />
          </Part>
          <Reading import={one} />
        </div>
        <div className={form.foot}>
          {problem && <p className={form.wrong} role="alert">{Object.values(problem.errors).flat().join(' ') || problem.message}</p>}
          <Keep plan={plan} />
          <Button variant="default" loading={run.isPending && run.variables} onClick={() => run.mutate(true)}>Try it first</Button>
          <Button size="sm" loading={run.isPending && !run.variables} onClick={() => run.mutate(false)}>Import leads</Button>
        </div>
      </div>
    </div>
  );
}

function SavedOnes({ onTake }: { onTake: (saved: Plan) => void }) {
  const saved = useQuery(savedMappingsQuery);
  if (!saved.data?.length) return null;
  return <Select label="Saved mapping" placeholder="Take one that was saved" maw={360} data={saved.data.map((mapping) => ({ value: mapping.id, label: mapping.name }))} value={null}
    onChange={(id) => { const mapping = saved.data.find((one) => one.id === id); if (mapping) onTake({ mapping: mapping.mapping as Record<string, string>, defaults: mapping.defaults as Record<string, string>, emptyValues: mapping.emptyValues, allOrNothing: false }); }} />;
}

/** Values for rows whose own cell is empty. */
function Defaults({ proposal, mapped, value, onChange }: { proposal: Proposal; mapped: string[]; value: Record<string, string>; onChange: (next: Record<string, string>) => void }) {
  const labelOf = (field: string) => proposal.fields.find((known) => known.name === field)?.label ?? field;
  return (
    <Fields>
      {Object.entries(value).map(([field, text]) => (
        <TextInput key={field} label={`${labelOf(field)}, when ${mapped.includes(field) ? 'the cell is empty' : 'the file has none'}`} value={text} onChange={(event) => onChange({ ...value, [field]: event.currentTarget.value })}
          rightSection={<ActionIcon size={24} variant="transparent" color="gray" aria-label={`No value for ${labelOf(field)}`} onClick={() => onChange(Object.fromEntries(Object.entries(value).filter(([name]) => name !== field)))}><IconX size={14} /></ActionIcon>} />
      ))}
      <Select label="A value for every row" placeholder="Choose a field, such as Source" searchable data={proposal.fields.filter((field) => !(field.name in value)).map((field) => ({ value: field.name, label: field.label }))} value={null} onChange={(field) => { if (field) onChange({ ...value, [field]: '' }); }} />
    </Fields>
  );
}

function Keep({ plan }: { plan: Plan }) {
  const [asking, setAsking] = useState(false);
  const [name, setName] = useState('');
  const keep = useMutation({
    mutationFn: () => saveMapping(name, plan, newKey()),
    onSuccess: (saved) => { setAsking(false); setName(''); void queries.invalidateQueries({ queryKey: savedMappingsQuery.queryKey }); tell(`The mapping “${saved.name}” is saved.`); },
  });
  const problem = keep.error ? Problem.of(keep.error) : null;
  return (
    <>
      <Button variant="subtle" color="gray" onClick={() => setAsking(true)}>Save this mapping</Button>
      {asking && (
        <Modal opened onClose={() => setAsking(false)} title="Save this mapping" closeButtonProps={{ 'aria-label': 'Close' }}>
          <form onSubmit={(event) => { event.preventDefault(); if (name.trim()) keep.mutate(); }}>
            <TextInput data-autofocus label="Name" description="For the next file of the same shape" value={name} onChange={(event) => setName(event.currentTarget.value)} error={problem && (Object.values(problem.errors).flat().join(' ') || problem.message)} />
            <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={() => setAsking(false)}>Cancel</Button><Button type="submit" loading={keep.isPending} disabled={!name.trim()}>Save mapping</Button></Group>
          </form>
        </Modal>
      )}
    </>
  );
}

const encodings = [{ value: 'utf-8', label: 'UTF-8' }, { value: 'utf-16le', label: 'UTF-16, little-endian' }, { value: 'utf-16be', label: 'UTF-16, big-endian' }, { value: 'windows-1252', label: 'Windows-1252' }];
const delimiters = [{ value: ',', label: 'Comma' }, { value: ';', label: 'Semicolon' }, { value: '\t', label: 'Tab' }, { value: '|', label: 'Bar' }];

/** How the file was read; another way, as long as the page still has the file. */
function Reading({ import: one }: { import: Import }) {
  const navigate = useNavigate();
  const [encoding, setEncoding] = useState(one.encoding);
  const [delimiter, setDelimiter] = useState(one.delimiter);
  const file = fileOf(one.id);
  const again = useMutation({
    mutationFn: () => upload(file!, one.fileName, { encoding, delimiter }, newKey(), () => {}),
    onSuccess: (made) => { rememberFile(made.id, file!); importChanged(made); void navigate(`/leads/imports/${made.id}`, { replace: true }); },
  });
  const words = `${encodings.find((known) => known.value === one.encoding)?.label ?? one.encoding}, ${delimiters.find((known) => known.value === one.delimiter)?.label.toLowerCase() ?? one.delimiter} between columns`;
  return (
    <Part title="How the file was read" what={words}>
      {file ? (
        <>
          <p className="muted small">When letters or columns look wrong, read it in another way.</p>
          <Fields>
            <Select label="Encoding" allowDeselect={false} data={encodings} value={encoding} onChange={(next) => setEncoding(next!)} />
            <Select label="Between columns" allowDeselect={false} data={delimiters} value={delimiter} onChange={(next) => setDelimiter(next!)} />
          </Fields>
          {again.error && <Alert color="red" role="alert">{Problem.of(again.error).message}</Alert>}
          {(encoding !== one.encoding || delimiter !== one.delimiter) && <div className={form.actions}><Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>Read it again</Button></div>}
        </>
      ) : <p className="muted small">When letters or columns look wrong, import the file again: right after that it can be read in another way.</p>}
    </Part>
  );
}
