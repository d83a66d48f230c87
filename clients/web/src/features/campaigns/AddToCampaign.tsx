import { Button, Group, Modal, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, body } from '@/api/client';
import { Problem } from '@/api/problem';
import { asIs } from '@/shared/list/rows';
import { tell } from '@/shared/notices';
import { addMembers, campaignQuery, inWords, statusNames } from './campaigns';

type Who = Parameters<typeof addMembers>[1];

/** Puts leads or contacts into a campaign: which one, and with what status. */
export default function AddToCampaign({ who, what, onClose, onDone }: { who: Who; what: string; onClose: () => void; onDone?: () => void }) {
  const [words, setWords] = useState('');
  const [slow] = useDebouncedValue(words.trim(), 200);
  const [campaign, setCampaign] = useState<string | null>(null);
  const [status, setStatus] = useState<string | null>(null);
  const found = useQuery({
    queryKey: ['campaigns', 'list', 'to-add', slow], placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await body(api.campaigns.GET('/api/campaigns', { ...asIs(new URLSearchParams({ limit: '20', sort: '-createdAt', 'status[in]': 'planned,inProgress', ...(slow ? { q: slow } : {}) }).toString()), signal }))).items,
  });
  const chosen = useQuery({ ...campaignQuery(campaign ?? ''), enabled: !!campaign });
  const statuses = chosen.data?.memberStatuses ?? [];
  const add = useMutation({
    mutationFn: () => addMembers(campaign!, who, status),
    onSuccess: (added) => { tell(inWords(added, chosen.data?.name ?? 'the campaign')); onDone?.(); onClose(); },
  });
  const data = (found.data ?? []).map((one) => ({ value: one.id, label: `${one.name} · ${statusNames[one.status]}` }));
  if (chosen.data && !data.some((one) => one.value === campaign)) data.unshift({ value: chosen.data.id, label: `${chosen.data.name} · ${statusNames[chosen.data.status]}` });

  return (
    <Modal opened onClose={onClose} title={`Add ${what} to a campaign`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form onSubmit={(event) => { event.preventDefault(); if (campaign) add.mutate(); }}>
        <Select data-autofocus label="Campaign" placeholder="Planned or in progress" searchable data={data} value={campaign} onChange={(id) => { setCampaign(id); setStatus(null); }} onSearchChange={setWords} filter={({ options }) => options}
          nothingFoundMessage={found.isFetching ? 'Looking' : 'No campaign that is planned or in progress is called so'} error={found.isError && Problem.of(found.error).message} />
        {statuses.length > 0 && <Select mt="md" label="With the status" allowDeselect={false} data={statuses.map((one) => ({ value: one.id, label: one.name }))} value={status ?? statuses.find((one) => one.isDefault)?.id ?? null} onChange={setStatus} />}
        {add.isError && <p role="alert" style={{ color: 'var(--lc-bad)', marginTop: 12 }}>{Problem.of(add.error).message} {Object.values(Problem.of(add.error).errors).flat().join(' ')}</p>}
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" disabled={!campaign} loading={add.isPending}>Add to campaign</Button></Group>
      </form>
    </Modal>
  );
}
