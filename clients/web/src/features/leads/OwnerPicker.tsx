import { Button, Group, Modal, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useMe } from '@/features/session/session';
import { usersQuery } from '@/features/users/queries';
import { queuesQuery } from './queries';

/** Asks for a person or a queue. */
export function OwnerPicker({ title, onClose, onPick }: { title: string; onClose: () => void; onPick: (to: { ownerId?: string; queueId?: string }, name: string) => void }) {
  const me = useMe();
  const users = useQuery(usersQuery);
  const queues = useQuery(queuesQuery);
  const [choice, setChoice] = useState<string | null>(null);
  const people = (users.data ?? []).filter((user) => user.isActive).map((user) => ({ value: `user:${user.id}`, label: user.id === me.id ? `${user.name} (me)` : user.name }));
  const data = [{ group: 'People', items: people }, { group: 'Queues', items: (queues.data ?? []).map((queue) => ({ value: `queue:${queue.id}`, label: queue.name })) }].filter((group) => group.items.length > 0);

  function pick() {
    const [kind, id] = choice!.split(':') as [string, string];
    onPick(kind === 'user' ? { ownerId: id } : { queueId: id }, data.flatMap((group) => group.items).find((item) => item.value === choice)!.label.replace(' (me)', ''));
  }

  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => { event.preventDefault(); if (choice) pick(); }}>
        <Select data-autofocus label="New owner" searchable data={data} value={choice} onChange={setChoice} placeholder="A person or a queue" nothingFoundMessage="Nobody of that name" />
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" disabled={!choice}>Change owner</Button></Group>
      </form>
    </Modal>
  );
}
