import { randomUUID } from 'node:crypto';
import { connect } from 'amqplib';
import { system } from './system';

/** A message as services send each other, put straight into a queue; `from` is the queue whose place it lost when the broker gave it up. Answers its id. */
export async function put(queue: string, type: string, message: unknown, from?: string): Promise<string> {
  const messageId = randomUUID();
  const line = await connect(system.broker);
  try {
    const channel = await line.createConfirmChannel();
    channel.sendToQueue(queue, Buffer.from(JSON.stringify({ messageId, messageType: [`urn:message:${type}`], message })), { contentType: 'application/vnd.masstransit+json', headers: from ? { 'x-first-death-queue': from } : {} });
    await channel.waitForConfirms();
  } finally {
    await line.close();
  }
  return messageId;
}
