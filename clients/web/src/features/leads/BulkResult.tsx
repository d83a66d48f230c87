import { Button, Group, Modal, Progress } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { Link } from 'react-router';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { changeQuery, controlChange, followChange, inWords, isChangeOver, type Change } from '@/features/bulk/bulkChanges';
import { ChangeOutcomes } from '@/features/bulk/Changes';
import { tellFailure } from '@/shared/notices';
import { number } from '@/shared/time';

/** How far a change of many leads is; then which of them were refused and why. Short work that goes well is over before anybody sees a window. */
export default function BulkResult({ begun, onOver, onClose }: { begun: Change; onOver: (change: Change) => void; onClose: () => void }) {
  const { data: change } = useQuery({ ...changeQuery(begun.id), initialData: begun, staleTime: Infinity });
  const [late, setLate] = useState(false);
  const [all, setAll] = useState(false);
  const over = isChangeOver(change);
  const stop = useMutation({ mutationFn: () => controlChange.cancel(begun.id), onSuccess: (now) => { queries.setQueryData(changeQuery(begun.id).queryKey, now); }, onError: (error) => tellFailure(Problem.of(error).message) });
  const end = useEffectEvent(onOver);

  useEffect(() => followChange(begun.id, (now) => { if (isChangeOver(now)) end(now); }), [begun.id]);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, []);

  const left = change.total - change.changed;
  if (!over && !late) return null;
  return (
    <Modal opened onClose={onClose} title={inWords(change)} closeButtonProps={{ 'aria-label': 'Close' }} size="lg">
      {!over ? (
        <>
          <Progress value={change.percent} aria-label="Progress" />
          <p aria-live="polite">{number(change.changed + change.refused)} of {number(change.total)}</p>
          <Group justify="space-between" mt="md">
            <span className="muted small">You can close this; it goes on. <Link to={`/leads/bulk-changes/${change.id}`}>Follow it on its page</Link></span>
            <Button variant="default" disabled={change.cancelRequested} loading={stop.isPending} onClick={() => stop.mutate()}>{change.cancelRequested ? 'Stopping…' : 'Stop'}</Button>
          </Group>
        </>
      ) : (
        <>
          <p>{number(change.changed)} of {number(change.total)} were changed. {left === 1 ? 'The other one is as it was:' : 'The others are as they were:'}</p>
          {change.problem && <p role="alert">{change.problem}</p>}
          <ChangeOutcomes id={change.id} state={all ? null : change.refused > 0 ? 'refused' : 'cancelled'} live={false} />
          {!all && change.changed > 0 && <Button variant="subtle" mt="sm" onClick={() => setAll(true)}>Show also the {number(change.changed)} that were changed</Button>}
        </>
      )}
    </Modal>
  );
}
