import { Alert, Button } from '@mantine/core';
import { useMutation, useQueries } from '@tanstack/react-query';
import { Problem } from '@/api/problem';
import { queries } from '@/api/queries';
import { Part } from '@/shared/form/FormPage';
import { tell, tellFailure } from '@/shared/notices';
import { Rows } from '@/shared/Rows';
import { Empty, Loading } from '@/shared/States';
import { number } from '@/shared/time';
import { When } from '@/shared/When';
import { SetupPage } from '../SetupPage';
import { parkedOf, replay, services, type Message, type Service } from './queries';

export const again = () => queries.invalidateQueries({ queryKey: ['messages'] });
export const nameOf = (message: Message) => (message.messageTypes[0] as string | undefined)?.split(':').at(-1) ?? message.queue;

/** Messages that every service has given up after its tries, by service. A service that does not answer says so; the others are shown. */
export function MessageList() {
  const all = useQueries({ queries: services.map((service) => ({ queryKey: ['messages', service], queryFn: () => parkedOf(service), refetchInterval: 30_000 })) });
  const loaded = all.every((one) => !one.isPending);
  const total = all.reduce((sum, one) => sum + (one.data?.items.length ?? 0), 0);
  const failed = services.filter((_, i) => all[i]!.isError);
  return (
    <SetupPage title="Parked messages" what="Services tell each other what happened by messages. One that cannot be handled is tried five times, ever less often, and then parked here. See why, mend the cause, and replay it; it takes effect once.">
      {failed.length > 0 && <Alert color="red" role="alert">{`Not known of ${failed.join(', ')}: ${Problem.of(all[services.indexOf(failed[0]!)]!.error).message}`} <Button variant="subtle" onClick={() => void again()}>Try again</Button></Alert>}
      {!loaded ? <Loading lines={6} label="Loading messages" /> : total === 0 ? failed.length === 0 && <Empty>No message is parked. Everything that happened is known everywhere.</Empty>
        : services.map((service, i) => { const page = all[i]!.data; return page && page.items.length > 0 ? <OfService key={service} service={service} items={page.items} more={!!page.next} /> : null; })}
    </SetupPage>
  );
}

function OfService({ service, items, more }: { service: Service; items: Message[]; more: boolean }) {
  const run = useMutation({
    mutationFn: async (messages: Message[]) => { for (const message of messages) await replay(service, message.id); return messages.length; },
    onSuccess: (count) => tell(count === 1 ? 'It is on its way again.' : `${number(count)} messages are on their way again.`),
    onError: (error) => tellFailure(Problem.of(error).message),
    onSettled: again,
  });
  const able = items.filter((message) => message.messageId);   // without an id it would not take effect only once
  return (
    <Part title={service.replace(/^./, (c) => c.toUpperCase())} what={more ? `The oldest ${number(items.length)}` : undefined} actions={able.length > 1 && <Button variant="default" loading={run.isPending} onClick={() => run.mutate(able)}>Replay {number(able.length)}</Button>}>
      <Rows label={`Parked messages of ${service}`} rows={items.map((message) => ({
        key: message.id, to: `/setup/messages/${service}/${message.id}`, title: nameOf(message), subtitle: <>{message.queue} · {message.reason}</>, aside: <>{message.tries} tries, <When at={message.parkedAt} /></>,
        actions: message.messageId && <Button variant="subtle" aria-label={`Replay ${nameOf(message)}`} loading={run.isPending} onClick={() => run.mutate([message])}>Replay</Button>,
      }))} />
    </Part>
  );
}
