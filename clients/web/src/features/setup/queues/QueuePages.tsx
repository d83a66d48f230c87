import { Button, MultiSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api, body, ifMatch } from '@/api/client';
import { queries } from '@/api/queries';
import type { components } from '@/api/schema/leads';
import { usePage } from '@/app/page';
import { queuesQuery } from '@/features/leads/queries';
import { usersQuery } from '@/features/users/queries';
import { Confirm } from '@/shared/Confirm';
import { FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty } from '@/shared/States';
import { Loaded, setup, SetupPage } from '../SetupPage';

type Queue = components['schemas']['SetUpQueuesAnswer'];
interface Input { name: string; members: string[] }
const empty: Input = { name: '', members: [] };
const inputOf = (queue: Queue): Input => ({ name: queue.name, members: queue.members.map((member) => member.id) });
const queuesChanged = () => queries.invalidateQueries({ queryKey: ['leads', 'queues'] });

export function QueueList() {
  const queues = useQuery(queuesQuery);
  const create = <Button component={Link} to="/setup/queues/new">New queue</Button>;
  return (
    <SetupPage title="Queues" what="A queue holds leads that nobody owns yet. Its members see, change and take what it holds." actions={create}>
      <Loaded query={queues} what="The queues">
        {(all) => all.length === 0 ? <Empty action={create}>Leads that should wait for whoever is free wait in a queue. There is none yet.</Empty>
          : <Rows label="Queues" rows={all.map((queue) => ({ key: queue.id, to: `/setup/queues/${queue.id}`, title: queue.name, subtitle: queue.members.map((member) => member.name).filter(Boolean).join(', ') || 'Without members', aside: queue.members.length === 1 ? '1 member' : `${queue.members.length} members` }))} />}
      </Loaded>
    </SetupPage>
  );
}

/** A queue, new or not. */
export function QueuePage() {
  const { id } = useParams();
  const queues = useQuery(queuesQuery);
  const queue = queues.data?.find((one) => one.id === id);
  usePage(id ? queue?.name ?? 'Queue' : 'New queue', setup, { label: 'Queues', to: '/setup/queues' });
  return <Loaded query={queues} what="The queue">{() => id && !queue ? <Empty>There is no such queue. Somebody may have deleted it.</Empty> : <Whole key={id ?? 'new'} queue={queue ?? null} />}</Loaded>;
}

function Whole({ queue }: { queue: Queue | null }) {
  const navigate = useNavigate();
  const users = useQuery(usersQuery);
  const [deleting, setDeleting] = useState(false);
  const nameOf = (id: string) => users.data?.find((user) => user.id === id)?.name ?? 'somebody';
  const form = useForm<Input, Queue>({
    draft: queue ? `setup:queue:${queue.id}` : 'setup:new-queue', record: queue ? inputOf(queue) : empty, version: queue?.version ?? null,
    check: (value): Record<string, string[]> => value.name.trim() ? {} : { name: ['Enter a name.'] },
    read: queue ? async () => { const fresh = await body(api.leads.GET('/api/leads/queues/{id}', { params: { path: { id: queue.id } } })); return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (value, _change, version, key) => queue ? body(api.leads.PUT('/api/leads/queues/{id}', { params: { path: { id: queue.id }, header: { 'If-Match': ifMatch(version) } }, body: value })) : body(api.leads.POST('/api/leads/queues', { params: { header: { 'Idempotency-Key': key } }, body: value })),
    saved: (saved) => { void queuesChanged(); tell(`${saved.name} is saved.`); if (!queue) void navigate('/setup/queues'); },
  });
  return (
    <FormPage form={form} title={queue?.name ?? 'New queue'} saveLabel="Save queue" cancelTo="/setup/queues" labels={{ name: 'Name', members: 'Members' }} show={(field, value) => field === 'members' ? (value as string[]).map(nameOf).join(', ') || 'nobody' : String(value)}
      actions={queue && <Button variant="default" onClick={() => setDeleting(true)}>Delete</Button>}>
      <Part title="Queue">
        <TextInput label="Name" maw={400} {...form.text('name')} />
        <MultiSelect label="Members" searchable hidePickedOptions data={users.data?.filter((user) => user.isActive || form.value.members.includes(user.id)).map((user) => ({ value: user.id, label: user.name })) ?? []} {...form.many('members')} />
      </Part>
      {deleting && queue && (
        <Confirm title={`Delete “${queue.name}”`} label="Delete queue" onClose={() => setDeleting(false)} run={async () => { await api.leads.DELETE('/api/leads/queues/{id}', { params: { path: { id: queue.id }, header: { 'If-Match': ifMatch(queue.version) } } }); await queuesChanged(); tell(`“${queue.name}” is deleted.`); void navigate('/setup/queues'); }}>
          <p>Only a queue that holds no leads can be deleted.</p>
        </Confirm>
      )}
    </FormPage>
  );
}
