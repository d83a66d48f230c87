import { Button, Code } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { Problem } from '@/api/problem';
import { usePage } from '@/app/page';
import { Confirm } from '@/shared/Confirm';
import { Heading, Part } from '@/shared/form/FormPage';
import classes from '@/shared/form/FormPage.module.css';
import { tell, tellFailure } from '@/shared/notices';
import { Copyable } from '@/shared/Secret';
import { When } from '@/shared/When';
import { Loaded, setup } from '../SetupPage';
import { again, nameOf } from './MessageList';
import { readMessage, replay, throwAway, type Service } from './queries';

/** A parked message: what it says, why it could not be handled, and what to do. */
export function MessagePage() {
  const { service: named = 'leads', id = '' } = useParams();
  const service = named as Service;
  const navigate = useNavigate();
  const message = useQuery({ queryKey: ['messages', service, id], queryFn: () => readMessage(service, id), retry: false });
  const [asking, setAsking] = useState(false);
  usePage(message.data ? nameOf(message.data.message) : 'Message', setup, { label: 'Parked messages', to: '/setup/messages' });
  const gone = () => { void navigate('/setup/messages'); return again(); };
  const run = useMutation({ mutationFn: () => replay(service, id), onSuccess: () => { tell('It is on its way again. When it cannot be handled once more, it comes back here.'); void gone(); }, onError: (error) => tellFailure(Problem.of(error).message) });

  return (
    <Loaded query={message} what="The message">
      {({ message: about, body, headers, exception, trace }) => (
        <div className={classes.body}>
          <Heading title={nameOf(about)} subtitle={<>{service}, queue {about.queue}; given up <When at={about.parkedAt} /> after {about.tries} tries</>} actions={<>
            <Button variant="default" onClick={() => setAsking(true)}>Throw away</Button>
            {about.messageId && <Button loading={run.isPending} onClick={() => run.mutate()}>Replay</Button>}
          </>} />
          <Part title="Why"><p className="breaks">{about.reason}</p>{exception && <Block label="Exception" text={exception} />}</Part>
          <Part title="Message"><Block label="Body" text={pretty(body)} /><Block label="Headers" text={pretty(JSON.stringify(headers))} /></Part>
          {trace && <Part title="Trace"><Copyable label="Trace" text={trace} /></Part>}
          {asking && (
            <Confirm title="Throw the message away" label="Throw away" onClose={() => setAsking(false)} run={async () => { await throwAway(service, id); tell('The message is gone.'); await gone(); }}>
              <p>What it would have told {service} is then not known there, for good.</p>
            </Confirm>
          )}
        </div>
      )}
    </Loaded>
  );
}

const Block = ({ label, text }: { label: string; text: string }) => <Code block tabIndex={0} role="region" aria-label={label} style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere', maxHeight: 320, overflow: 'auto' }}>{text}</Code>;

function pretty(text: string) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;   // no JSON: shown as it is
  }
}
