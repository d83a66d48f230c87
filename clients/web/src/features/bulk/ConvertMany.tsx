import { Button, Checkbox, Group, Modal, Radio, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { useStages } from '@/features/convert/queries';
import { useMe } from '@/features/session/session';
import { usersQuery } from '@/features/users/queries';
import { number } from '@/shared/time';
import { start, type Start } from './bulkConversions';

/** Converts many leads alike (C37): what each gets, and what happens where the same may be there already. It runs on the server. */
export default function ConvertMany({ what, count, onClose }: { what: { leadIds: string[] } | { filter: string }; count: number; onClose: () => void }) {
  const me = useMe();
  const navigate = useNavigate();
  const users = useQuery(usersQuery);
  const stages = useStages();
  const [opportunity, setOpportunity] = useState('create');
  const [stage, setStage] = useState<string | null>(null);
  const [owner, setOwner] = useState<string | null>(null);
  const [duplicates, setDuplicates] = useState('skip');
  const [notify, setNotify] = useState(false);
  const key = useRef(newKey());

  const begin = useMutation({
    mutationFn: (dryRun: boolean) => start({
      ...what, dryRun, onDuplicate: { action: duplicates as 'skip', minScore: 90, otherwise: 'skip' },
      defaults: { opportunity: opportunity === 'none' ? { mode: 'none' } : { mode: 'create', ...(stage ? { stage } : {}) }, ...(owner ? { ownerId: owner } : {}), ...(notify ? { notifyOwner: true } : {}) } as Start['defaults'],
    }, key.current),
    onSuccess: (job) => { onClose(); void navigate(`/leads/bulk-conversions/${job.id}`); },
    onError: () => { key.current = newKey(); },
  });
  const open = stages.data?.flatMap((pipeline) => pipeline.stages).filter((one) => one.category === 'open').map((one) => one.name).filter((name, i, all) => all.indexOf(name) === i) ?? [];

  return (
    <Modal opened onClose={onClose} title={`Convert ${number(count)} ${count === 1 ? 'lead' : 'leads'}`} closeButtonProps={{ 'aria-label': 'Close' }} size="lg">
      <form onSubmit={(event) => { event.preventDefault(); begin.mutate(false); }}>
        <p className="muted">Each becomes an account and a contact. Leads of one company share one account. One that cannot be converted does not stop the others.</p>
        <Radio.Group label="Opportunity" mt="md" value={opportunity} onChange={setOpportunity}><Group mt={4}><Radio value="create" label="A new one for each" data-autofocus /><Radio value="none" label="None" /></Group></Radio.Group>
        {opportunity === 'create' && <Select mt="sm" label="Stage" placeholder="The first" clearable data={open} value={stage} onChange={setStage} />}
        <Select mt="sm" label="Owner of what is made" placeholder="Whoever owns the lead" clearable searchable data={users.data?.filter((user) => user.isActive).map((user) => ({ value: user.id, label: user.id === me.id ? `${user.name} (me)` : user.name })) ?? []} value={owner} onChange={setOwner} />
        <Radio.Group label="Where an account or contact may be the same" mt="md" value={duplicates} onChange={setDuplicates}>
          <Radio mt={6} value="skip" label="Leave that lead alone and list what was found" />
          <Radio mt={6} value="useExisting" label="Use the one that scores at least 90; where none or several do, leave it alone" />
          <Radio mt={6} value="createAnyway" label="Make new ones all the same" />
        </Radio.Group>
        <Checkbox mt="md" label="Tell the owners" checked={notify} onChange={(event) => setNotify(event.currentTarget.checked)} />
        {begin.isError && <p role="alert" style={{ color: 'var(--lc-bad)', marginTop: 12 }}>{Problem.of(begin.error).message} {Object.values(Problem.of(begin.error).errors).flat().join(' ')} Nothing was changed.</p>}
        <Group justify="flex-end" mt="lg">
          <Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button>
          <Button variant="default" loading={begin.isPending && begin.variables} onClick={() => begin.mutate(true)}>Try it first</Button>
          <Button type="submit" loading={begin.isPending && !begin.variables}>Convert {number(count)} {count === 1 ? 'lead' : 'leads'}</Button>
        </Group>
      </form>
    </Modal>
  );
}
