import { Button, Checkbox, MultiSelect, Textarea, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { usePage } from '@/app/page';
import { detailFields } from '@/features/leads/fields';
import { statusesQuery } from '@/features/leads/queries';
import { Confirm } from '@/shared/Confirm';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Empty } from '@/shared/States';
import { Loaded, setup } from '../SetupPage';
import { changeProcess, createProcess, deleteProcess, processesQuery, readProcess, statusesChanged, type Process, type Status, type Step } from './queries';

interface Input { name: string; isDefault: boolean; steps: Step[] }
const empty: Input = { name: '', isDefault: false, steps: [] };
const inputOf = ({ name, isDefault, steps }: Process): Input => ({ name, isDefault, steps });

/** A process: for each status what comes next, what to do there, and what to fill. */
export function ProcessPage() {
  const { id } = useParams();
  const processes = useQuery(processesQuery);
  const statuses = useQuery(statusesQuery);
  const process = processes.data?.find((one) => one.id === id);
  usePage(id ? process?.name ?? 'Process' : 'New process', setup, { label: 'Processes and path', to: '/setup/processes' });
  return <Loaded query={processes} what="The process">{() => id && !process ? <Empty>There is no such process. Somebody may have deleted it.</Empty> : <Loaded query={statuses} what="The statuses">{(all) => <Whole key={id ?? 'new'} process={process ?? null} statuses={all} />}</Loaded>}</Loaded>;
}

function Whole({ process, statuses }: { process: Process | null; statuses: Status[] }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Input, Process>({
    draft: process ? `setup:process:${process.id}` : 'setup:new-process', record: process ? inputOf(process) : empty, version: process?.version ?? null,
    check: (value): Record<string, string[]> => value.name.trim() ? {} : { name: ['Enter a name.'] },
    read: process ? async () => { const fresh = await readProcess(process.id); return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (value, _change, version, key) => process ? changeProcess(process.id, version, value) : createProcess(value, key),
    saved: (saved) => { void statusesChanged(); tell(`${saved.name} is saved. Pages show the path like this from now on.`); if (!process) void navigate('/setup/processes'); },
  });
  const { steps } = form.value;

  function put(statusId: string, change: Partial<Step>) {
    const known = steps.some((step) => step.statusId === statusId);
    const next = known ? steps.map((step) => step.statusId === statusId ? { ...step, ...change } : step) : [...steps, { statusId, guidance: null, keyFields: [], isEnforced: false, next: null, ...change } as Step];
    form.put({ steps: next });
  }

  const wrong = (statusId: string, part: string) => { const at = steps.findIndex((step) => step.statusId === statusId); return at < 0 ? undefined : form.error(`steps[${at}].${part}`); };
  return (
    <FormPage form={form} title={process?.name ?? 'New process'} saveLabel="Save process" cancelTo="/setup/processes" labels={{ name: 'Name', isDefault: 'The usual one', steps: 'The steps' }} show={(field, value) => field === 'steps' ? `${(value as Step[]).length} described steps` : typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value)}
      actions={process && !process.isDefault && <Button variant="default" onClick={() => setDeleting(true)}>Delete</Button>}>
      <Part title="Process">
        <Fields><TextInput label="Name" {...form.text('name')} /></Fields>
        <Checkbox label="Leads follow it unless said otherwise" {...form.flag('isDefault')} />
      </Part>
      {statuses.filter((status) => status.isActive && !status.isConverted).map((status) => {
        const step = steps.find((one) => one.statusId === status.id);
        return (
          <Part key={status.id} title={status.name}>
            <Textarea label="Guidance" aria-label={`Guidance for ${status.name}`} description="What people read while a lead is here" autosize minRows={2} value={step?.guidance ?? ''} onChange={(event) => put(status.id, { guidance: event.currentTarget.value || null })} error={wrong(status.id, 'guidance')} />
            <MultiSelect label="Key fields" aria-label={`Key fields of ${status.name}`} description="Up to five that matter here" maxValues={5} searchable hidePickedOptions data={detailFields.map((field) => ({ value: field.name, label: field.label }))} value={(step?.keyFields as string[] | undefined) ?? []} onChange={(keyFields) => put(status.id, { keyFields })} error={wrong(status.id, 'keyFields')} />
            {!!step?.keyFields?.length && <Checkbox label="A lead cannot move on while one of them is empty" checked={step.isEnforced === true} onChange={(event) => put(status.id, { isEnforced: event.currentTarget.checked })} />}
            <MultiSelect label="From here a lead may go to" aria-label={`From ${status.name} a lead may go to`} placeholder={step?.next ? undefined : 'Anywhere'} searchable hidePickedOptions data={statuses.filter((one) => one.isActive && !one.isConverted && one.id !== status.id).map((one) => ({ value: one.id, label: one.name }))} value={step?.next ?? []} onChange={(next) => put(status.id, { next: next.length ? next : undefined })} error={wrong(status.id, 'next')} />
          </Part>
        );
      })}
      {deleting && process && (
        <Confirm title={`Delete “${process.name}”`} label="Delete process" onClose={() => setDeleting(false)} run={async () => { await deleteProcess(process); await statusesChanged(); tell(`“${process.name}” is deleted.`); void navigate('/setup/processes'); }}>
          <p>Only a process that no lead follows can be deleted.</p>
        </Confirm>
      )}
    </FormPage>
  );
}
