// The front: answers plain requests for operations that are known to be good, with node:http alone. Whatever is not plain, or would be
// refused, is Yoga's: it is handed on before anything was counted, charged or written down, so that there is one place that refuses.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ExecutionResult, type GraphQLSchema, getVariableValues } from 'graphql';
import { type Actor, includesRole } from '../access/actor.ts';
import { type Credentials, keepActor } from '../access/use-authentication.ts';
import type { useLimits } from '../limits/use-limits.ts';
import { requestIdHeader, requestIdOf } from '../observe/request-id.ts';
import { type AnsweredRequest, beginRecord, endRecord, keepRecord, type RequestRecord } from '../observe/request-record.ts';
import { noteResult } from '../observe/use-observation.ts';
import type { Plan } from '../plans/plan.ts';
import { askedBy } from '../store/asker.ts';
import { type Asked, readAsked, readBody } from './body.ts';
import { type CarriedOut, giveBack, leaveAnswer } from './handed-on.ts';
import type { KnownOperation } from './known-operations.ts';
import { type PlainRequest, readPlain } from './plain-request.ts';

/** Carries an operation out as Yoga does, with all its plugins; `request` stands for the request. */
export type Execute = (operation: KnownOperation, asked: Asked, request: Request, exchange: Exchange) => Promise<ExecutionResult>;

/** A request and its answer in node:http. */
type Exchange = { readonly req: IncomingMessage; readonly res: ServerResponse };

export type FrontOptions = {
  readonly endpoint: string;
  readonly schema: GraphQLSchema;
  readonly sandbox: boolean;
  readonly bodyBytes: number;
  readonly newId: () => string;
  /** Who asks, if that is known at once. */
  readonly actorAtOnce: (credentials: Credentials) => Actor | null;
  readonly find: (text: string, operationName: string | null) => KnownOperation | null;
  readonly limits: Pick<ReturnType<typeof useLimits>, 'admitKnown' | 'pay' | 'endTurn'>;
  /** The time of a site, in milliseconds since 1970. */
  readonly now: (siteId: string) => number | Promise<number>;
  readonly execute: Execute;
  readonly onAnswered?: ((request: AnsweredRequest) => void) | undefined;
  /** Learns of each request that was answered here, and how. */
  readonly onTaken?: ((way: Way) => void) | undefined;
  /** Answers as if there were no front. */
  readonly handOn: (exchange: Exchange) => void;
  /** Tells of what nobody expected, and ends the answer. */
  readonly onBroken: (error: unknown, res: ServerResponse) => void;
  /** Headers of every answer. */
  readonly headers: Readonly<Record<string, string>>;
};

/** By a plan, or by carrying the operation out field by field. */
export type Way = 'PLAN' | 'EXECUTION';

/** What the head of a request says. */
type Sent = { readonly plain: PlainRequest; readonly actor: Actor };

/** A request, of which the body was read; null when it did not come to its end. */
type Read = Exchange & Sent & { readonly startedAt: number; readonly body: Buffer | null };

type Coerced = Readonly<Record<string, unknown>>;

/** A request for an operation that is known. */
type Taken = Read & { readonly asked: Asked; readonly operation: KnownOperation };

/** Begins the record of a request when it is first called. */
type Begun = () => RequestRecord;

/** Creates the listener of node:http. */
export function createFront(options: FrontOptions): (req: IncomingMessage, res: ServerResponse) => void {
  const { handOn, onBroken } = options;
  return (req, res) => {
    const startedAt = performance.now();
    const sent = sentBySomebodyKnown(req, options);
    if (!sent) return handOn({ req, res });
    readBody(req, (body) => {
      take({ req, res, startedAt, body, ...sent }, options).catch((error: unknown) => onBroken(error, res));
    });
  };
}

/** What is needed of the head of a request, if it is plain and of somebody known. A failure is told of where it happens again. */
function sentBySomebodyKnown(req: IncomingMessage, { endpoint, bodyBytes, actorAtOnce }: FrontOptions): Sent | null {
  try {
    const plain = readPlain(req, endpoint, bodyBytes);
    const actor = plain && actorAtOnce(plain.credentials);
    return actor && { plain, actor };
  } catch {
    return null;
  }
}

async function take(read: Read, options: FrontOptions): Promise<void> {
  const asked = read.body && readAsked(read.body);
  const operation = asked && options.find(asked.query, asked.operationName);
  if (!operation || !(await answer({ ...read, asked, operation }, options))) handBack(read, options);
}

/** Hands a request on after its body was read. */
function handBack({ req, res, startedAt, body }: Read, { handOn }: FrontOptions): void {
  giveBack(req, startedAt, body);
  handOn({ req, res });
}

/** Answers; false when it is for others to answer. */
async function answer(taken: Taken, options: FrontOptions): Promise<boolean> {
  const { plan } = taken.operation;
  let record: RequestRecord | null = null;
  // What a plan began is gone on with.
  const begun = (): RequestRecord => {
    record ??= begin(taken, options);
    return record;
  };
  return (plan && (await answerByPlan(plan, begun, taken, options))) || answerByExecution(begun, taken, options);
}

/** Reads with a plan. Answers false, and has charged nothing, when it is for others to answer. */
async function answerByPlan(plan: Plan, begun: Begun, taken: Taken, options: FrontOptions): Promise<boolean> {
  const { actor, plain } = taken;
  if (!includesRole(actor.role, 'service')) return false;
  const priced = price(taken, options);
  const paid = priced && options.limits.pay(actor, taken, plain.bytes, priced.requested);
  if (!paid) return false;
  const record = begun();
  const data = await runPlan(plan, actor, priced.coerced, record, options);
  if (data === null) {
    paid.refund();
    return false;
  }
  const { extensions } = paid;
  Object.assign(record, { site: actor.siteId, role: actor.role, cost: extensions.cost.requested });
  write(taken, record, `{"data":${data},"extensions":${JSON.stringify(extensions)}}`, options);
  options.onTaken?.('PLAN');
  return true;
}

/** The variables as they are used, and what the operation costs with them; null when something is wrong with them. */
function price({ operation, asked }: Taken, { schema }: FrontOptions): { readonly coerced: Coerced; readonly requested: number } | null {
  try {
    const { coerced } = getVariableValues(schema, operation.operation.variableDefinitions ?? [], asked.variables, { maxErrors: 1 });
    return coerced ? { coerced, requested: operation.costOf(coerced) } : null;
  } catch {
    // A variable that may be null decides whether a field is included, and is null.
    return null;
  }
}

/** Whatever goes wrong in a read goes wrong again where it is known how to tell of it. */
async function runPlan(plan: Plan, actor: Actor, variables: Coerced, record: RequestRecord, { now }: FrontOptions): Promise<string | null> {
  try {
    const at = await askedBy(record, () => now(actor.siteId));
    return await askedBy(record, () => plan.run({ actor, variables, now: at }));
  } catch {
    return null;
  }
}

/** Carries an operation out. Answers false when it is for others to answer; once it has begun, it is answered as it comes out. */
async function answerByExecution(begun: Begun, taken: Taken, options: FrontOptions): Promise<boolean> {
  const { req, res, actor, operation, plain } = taken;
  const { limits, execute } = options;
  const asked = standIn(taken);
  if (!limits.admitKnown(asked, actor, taken, plain.bytes)) return false;
  const record = begun();
  keepRecord(asked, record);
  keepActor(asked, actor);
  const outcome: CarriedOut['outcome'] = await execute(operation, taken.asked, asked, { req, res }).then(
    (result) => ({ result }),
    (error: unknown) => ({ error }),
  );
  limits.endTurn(asked);
  const text = textOf(outcome);
  if (text === null) leaveAnswer(req, { record, actor, asked, outcome });
  else {
    if ('result' in outcome) noteResult(record, outcome.result);
    write(taken, record, text, options);
  }
  options.onTaken?.('EXECUTION');
  return text !== null;
}

/** The text of a result that went well; null for another, of which Yoga knows the status and what may be told. */
function textOf(outcome: CarriedOut['outcome']): string | null {
  if ('error' in outcome || outcome.result.errors !== undefined) return null;
  try {
    return JSON.stringify(outcome.result);
  } catch {
    return null;
  }
}

const never = new AbortController().signal;

/** Stands for a request where an operation is carried out. Only a query is given up when its client is gone. */
function standIn({ res, operation }: Taken): Request {
  const controller = operation.isQuery ? new AbortController() : null;
  if (controller) res.once('close', () => controller.abort());
  const asked: Pick<Request, 'method' | 'signal'> = { method: 'POST', signal: controller?.signal ?? never };
  return asked as Request; // Nobody looks for more once the parameters are read.
}

/** Begins what is noted of a request. The site is known by a token, or when it was seen that there is such a site. */
function begin({ req, actor, startedAt, operation }: Taken, { newId, sandbox, endpoint }: FrontOptions): RequestRecord {
  const sent = req.headers[requestIdHeader];
  const record = beginRecord(requestIdOf(typeof sent === 'string' ? sent : null, newId), 'POST', endpoint, startedAt);
  record.operation = operation.name;
  if (!sandbox) Object.assign(record, { site: actor.siteId, role: actor.role });
  return record;
}

/** Answers with the text of a result that went well. */
function write({ res, plain }: Taken, record: RequestRecord, text: string, { headers, onAnswered }: FrontOptions): void {
  // Noted before anybody can have seen the answer.
  onAnswered?.(endRecord(record, 200));
  const own = { [requestIdHeader]: record.requestId, 'Content-Type': plain.answerType, 'content-length': Buffer.byteLength(text) };
  if (!res.destroyed) res.writeHead(200, { ...own, ...headers }).end(text);
}
