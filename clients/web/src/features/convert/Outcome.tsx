import { Alert, Button, Modal } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { newKey } from '@/api/client';
import { Problem } from '@/api/problem';
import { useMe } from '@/features/session/session';
import { tell } from '@/shared/notices';
import { Loading } from '@/shared/States';
import { exactly } from '@/shared/time';
import { When } from '@/shared/When';
import classes from './Progress.module.css';
import { Made } from './Progress';
import { conversionOver, conversionQuery, previewUndo, undo, useProgress, type Undo } from './queries';

/** What a converted lead became, and the way back while there is one. */
export function ConversionOutcome({ conversionId, leadId }: { conversionId: string; leadId: string }) {
  const me = useMe();
  const conversion = useQuery(conversionQuery(conversionId));
  const [asked, setAsked] = useState(false);
  const mayUndo = me.may('leads.undoConversion');
  const window = useQuery({ queryKey: ['conversions', 'undo', conversionId], queryFn: () => previewUndo(conversionId), enabled: mayUndo && conversion.data?.state === 'completed', retry: false, staleTime: 60_000 });
  if (!conversion.data) return null;
  return (
    <Alert color="blue" mt="sm" title={<>Converted <When at={conversion.data.finishedAt} /></>}>
      <Made conversion={conversion.data} />
      {window.data && <Button variant="default" mt="xs" onClick={() => setAsked(true)}>Undo until {exactly(window.data.until)}</Button>}
      {asked && <UndoDialog conversionId={conversionId} leadId={leadId} onClose={() => setAsked(false)} />}
    </Alert>
  );
}

const outcomes: Record<string, string> = { removed: 'goes away: the conversion made it', kept: 'stays: it was there before', passedOn: 'stays: another conversion uses it' };

function UndoDialog({ conversionId, leadId, onClose }: { conversionId: string; leadId: string; onClose: () => void }) {
  const plan = useQuery({ queryKey: ['conversions', 'undo', conversionId, 'asked'], queryFn: () => previewUndo(conversionId), staleTime: 0, gcTime: 0 });
  const [followed, setFollowed] = useState<string | null>(null);
  const key = useRef(newKey());
  const start = useMutation({ mutationFn: () => undo(conversionId, key.current), onSuccess: (begun) => setFollowed(begun.undoId) });
  const news = useProgress<Undo>(followed && `/api/leads/conversion-undos/${followed}/progress`, 'undo', () => void conversionOver(leadId));
  const blocked = plan.data && plan.data.status !== 202;
  const given = news?.isOver && news.state === 'givenUp';

  if (news?.isOver && news.state === 'undone') {
    setTimeout(() => { tell('The conversion is undone. The lead is as it was.'); onClose(); });
  }

  return (
    <Modal opened onClose={onClose} title="Undo the conversion" closeButtonProps={{ 'aria-label': 'Close' }} size="lg">
      {plan.isPending ? <Loading lines={4} /> : plan.isError ? <p role="alert">{Problem.of(plan.error).message}</p> : (
        <>
          <p className="breaks">{blocked ? plan.data.detail : 'The lead becomes what it was before, with its activities, files and campaign memberships.'}</p>
          <dl className={classes.made}>{plan.data.records.map((record) => <div key={record.recordId}><dt>{record.recordType.replace(/^./, (c) => c.toUpperCase())}</dt><dd>{outcomes[record.outcome] ?? record.outcome}</dd></div>)}</dl>
          {plan.data.blockers.length > 0 && <><p style={{ marginTop: 12 }}><b>What stands in the way</b></p><ul>{plan.data.blockers.map((blocker, i) => <li key={i} className="breaks">{blocker.recordType}: {blocker.detail}</li>)}</ul></>}
          {given && <p role="alert">{news.failure?.detail} <b>Nothing was changed.</b></p>}
          {start.isError && <p role="alert">{Problem.of(start.error).message}</p>}
          <div className={classes.actions} style={{ marginTop: 16 }}>
            <Button onClick={() => start.mutate()} disabled={blocked || given} loading={start.isPending || (followed !== null && !news?.isOver)}>Undo the conversion</Button>
            <Button variant="subtle" color="gray" onClick={onClose}>Close</Button>
          </div>
        </>
      )}
    </Modal>
  );
}
