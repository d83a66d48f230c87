import { Button, Checkbox, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { usePage } from '@/app/page';
import { statusesQuery } from '@/features/leads/queries';
import { Confirm } from '@/shared/Confirm';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Empty } from '@/shared/States';
import { Loaded, setup } from '../SetupPage';
import { categoryNames, changeStatus, createStatus, deleteStatus, inputOf, readStatuses, statusesChanged, type Status, type StatusEdit } from './queries';

const labels = { name: 'Name', category: 'Category', sort: 'Place', isDefault: 'New leads begin here', isActive: 'In use' };

/** A status, new or not. */
export function StatusPage() {
  const { id } = useParams();
  const statuses = useQuery(statusesQuery);
  const status = statuses.data?.find((one) => one.id === id);
  usePage(id ? status?.name ?? 'Status' : 'New status', setup, { label: 'Lead statuses', to: '/setup/statuses' });
  return <Loaded query={statuses} what="The status">{(all) => id && !status ? <Empty>There is no such status. Somebody may have deleted it.</Empty> : <Whole key={id ?? 'new'} status={status ?? null} all={all} />}</Loaded>;
}

function Whole({ status, all }: { status: Status | null; all: Status[] }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const [empty] = useState<StatusEdit>(() => ({ name: '', category: 'open', sort: Math.max(0, ...all.map((one) => one.sort)) + 10, isDefault: false, isActive: true }));
  const form = useForm<StatusEdit, Status>({
    draft: status ? `setup:status:${status.id}` : 'setup:new-status', record: status ? inputOf(status) : empty, version: status?.version ?? null,
    check: (value): Record<string, string[]> => value.name.trim() ? {} : { name: ['Enter a name.'] },
    read: status ? async () => { const fresh = (await readStatuses()).find((one) => one.id === status.id)!; return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (value, _change, version, key) => status ? changeStatus(status.id, version, value) : createStatus(value, key),
    saved: (saved) => { void statusesChanged(); tell(`${saved.name} is saved.${status && status.name !== saved.name ? ' Leads that hold it show the new name.' : ''}`); void navigate('/setup/statuses'); },
  });
  return (
    <FormPage form={form} title={status?.name ?? 'New status'} saveLabel="Save status" cancelTo="/setup/statuses" labels={labels} show={(field, value) => field === 'category' ? categoryNames[value as Status['category']] : typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value)}
      actions={status && <Button variant="default" onClick={() => setDeleting(true)}>Delete</Button>}>
      <Part title="Status">
        <Fields>
          <TextInput label="Name" {...form.text('name')} />
          <Select label="Category" description="What it means to views, overdue and conversion" allowDeselect={false} data={Object.entries(categoryNames).map(([value, label]) => ({ value, label }))} {...form.choice('category')} />
        </Fields>
        <Checkbox label="New leads begin here" {...form.flag('isDefault')} />
        <Checkbox label="In use" description="Otherwise no lead moves here any more; those that are here stay" {...form.flag('isActive')} />
      </Part>
      {deleting && status && (
        <Confirm title={`Delete “${status.name}”`} label="Delete status" onClose={() => setDeleting(false)} run={async () => { await deleteStatus(status); await statusesChanged(); tell(`“${status.name}” is deleted.`); void navigate('/setup/statuses'); }}>
          <p>Only a status that no lead holds or ever held can be deleted. Others are taken out of use instead.</p>
        </Confirm>
      )}
    </FormPage>
  );
}
