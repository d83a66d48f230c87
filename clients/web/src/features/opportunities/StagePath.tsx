import { IconCheck } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState, type KeyboardEvent } from 'react';
import { Problem } from '@/api/problem';
import classes from '@/features/leads/StatusPath.module.css';
import { tell, tellFailure } from '@/shared/notices';
import { CloseStage } from './CloseStage';
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
      {close && <CloseStage stage={close} name={opportunity.name} busy={go.isPending} onClose={() => setClose(null)} onMove={(reason) => go.mutate({ to: close, reason })} />}
    </div>
  );
}
