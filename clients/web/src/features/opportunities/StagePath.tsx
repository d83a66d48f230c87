import { Button, Group, Modal, Textarea } from '@mantine/core';
import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Problem } from '@/api/problem';
import classes from '@/features/leads/StatusPath.module.css';
import { tell, tellFailure } from '@/shared/notices';
import { moveStage, pipelinesQuery, type Opportunity, type Stage } from './opportunities';

/** The stages of a deal; click or Enter moves it, winning and losing ask why. */
export function StagePath({ opportunity, mayEdit }: { opportunity: Opportunity; mayEdit: boolean }) {
  const pipelines = useQuery(pipelinesQuery);
  const [close, setClose] = useState<Stage | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const stages = pipelines.data?.find((pipeline) => pipeline.id === opportunity.pipelineId)?.stages.toSorted((a, b) => a.position - b.position) ?? [];
  const at = stages.findIndex((stage) => stage.id === opportunity.stageId);

  const go = useMutation({
    mutationFn: ({ to, reason }: { to: Stage; reason?: string }) => moveStage(opportunity, to.id, reason),
    onSuccess: (moved, { to }) => {
      setClose(null);
      tell(`Moved to ${to.name}.`, to.category === 'open' && opportunity.stageCategory === 'open' ? { label: 'Undo', run: () => void moveStage(moved, opportunity.stageId).catch((error) => tellFailure(Problem.of(error).message)) } : undefined);
    },
    onError: (error) => tellFailure([Problem.of(error).message, ...Object.values(Problem.of(error).errors).flat()].join(' ')),
  });

  function enter(stage: Stage) {
    if (!mayEdit || go.isPending || stage.id === opportunity.stageId) return;
    if (stage.category === 'open') go.mutate({ to: stage });
    else setClose(stage);
  }

  function onKeyDown(event: KeyboardEvent) {
    const buttons = [...list.current?.querySelectorAll('button') ?? []];
    const now = buttons.indexOf(document.activeElement as HTMLButtonElement);
    const to = event.key === 'ArrowRight' ? now + 1 : event.key === 'ArrowLeft' ? now - 1 : -1;
    if (buttons[to]) { event.preventDefault(); buttons[to].focus(); }
  }

  if (stages.length === 0) return null;
  return (
    <div className={classes.all}>
      <ol ref={list} className={classes.path} aria-label="Stage" onKeyDown={onKeyDown}>
        {stages.map((stage, i) => (
          <li key={stage.id}>
            <button type="button" className={classes.step} data-current={i === at || undefined} data-past={(i < at && stage.category === 'open') || undefined} data-category={stage.category === 'lost' ? 'notQualified' : stage.category} aria-current={i === at ? 'step' : undefined} tabIndex={i === at ? 0 : -1} onClick={() => enter(stage)}>
              {i < at && stage.category === 'open' && <IconCheck size={13} aria-hidden />}<span className="nowrap">{stage.name}</span>
            </button>
          </li>
        ))}
      </ol>
      {close && <Close stage={close} name={opportunity.name} busy={go.isPending} onClose={() => setClose(null)} onMove={(reason) => go.mutate({ to: close, reason })} />}
    </div>
  );
}

function Close({ stage, name, busy, onClose, onMove }: { stage: Stage; name: string; busy: boolean; onClose: () => void; onMove: (reason: string) => void }) {
  const [reason, setReason] = useState('');
  const [error, setError] = useState<string>();
  return (
    <Modal opened onClose={onClose} title={`Move ${name} to ${stage.name}`} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form noValidate onSubmit={(event) => { event.preventDefault(); if (reason.trim()) onMove(reason.trim()); else setError('Say why in a few words.'); }}>
        <Textarea data-autofocus label={stage.category === 'won' ? 'Why was it won?' : 'Why was it lost?'} autosize minRows={2} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={error} />
        <Group justify="flex-end" mt="lg"><Button variant="subtle" color="gray" onClick={onClose}>Cancel</Button><Button type="submit" loading={busy}>Move to {stage.name}</Button></Group>
      </form>
    </Modal>
  );
}
