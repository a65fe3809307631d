import {
  deliveriesOf,
  deliveryName,
  MAX_WEBHOOKS,
  type WebhookDelivery,
  webhookPlace,
  type WebhookRecord,
} from '@windrow/contract';
import { unseal } from '@windrow/codec';
import { CONFIG, KEY, startApi } from '../testing/start-api';

const PATH = '/v1/workspaces/aero/webhooks';
const BODY = { url: 'https://example.com/hook', events: ['job.failed'] };

describe('webhooks', () => {
  let sut: Awaited<ReturnType<typeof startApi>>;
  beforeEach(async () => {
    sut = await startApi();
  });
  afterEach(() => sut.close());

  const put = (body: object = BODY, name = 'w1') => sut.http.put(`${PATH}/${name}`).send(body);
  const stored = async (name = 'w1') =>
    (await sut.resources.get<WebhookRecord>(webhookPlace(KEY.workspace, name)))!.value;

  it('are created once; the secret is told then and never again, and lies sealed', async () => {
    const made = await put().expect(201);
    expect(made.body).toMatchObject({ name: 'w1', ...BODY, disabled: false, secret: expect.stringMatching(/^whsec_/) });
    const { secrets, uid } = await stored();
    expect(JSON.stringify(secrets)).not.toContain(made.body.secret.slice(6));
    expect(unseal(CONFIG.secretKeys, secrets[0]!.sealed, uid)).toBe(made.body.secret);
    for (const { body } of [await put().expect(200), await sut.http.get(`${PATH}/w1`).expect(200)]) {
      expect(body).not.toHaveProperty('secret');
      expect(JSON.stringify(body)).not.toContain(secrets[0]!.sealed);
    }
    expect((await put({ ...BODY, events: ['job.succeeded'] }).expect(409)).body.code).toBe('WebhookExists');
    expect((await sut.http.get(PATH).expect(200)).body.value).toHaveLength(1);
  });

  it.each<[object, number, string]>([
    [{ ...BODY, url: 'https://10.0.0.1/' }, 422, '$.url'],
    [{ ...BODY, url: 'http://example.com/' }, 422, '$.url'],
    [{ ...BODY, events: ['job.exploded'] }, 400, '$.events[0]'],
    [{ ...BODY, events: [] }, 400, '$.events'],
    [{ ...BODY, secret: 'mine' }, 400, '$.secret'],
  ])('%j is refused', async (body, status, at) => {
    expect((await put(body).expect(status)).body.errors).toMatchObject([{ path: at }]);
  });

  it('need a key for secrets, and say how to give one', async () => {
    const without = await startApi({ secretKeys: [] });
    const { body } = await without.http.put(`${PATH}/w1`).send(BODY).expect(422);
    expect(body).toMatchObject({ code: 'SecretKeyMissing', detail: expect.stringContaining('WINDROW_SECRET_KEY') });
    await without.close();
  });

  it('are as many as a workspace may have, and no more', async () => {
    for (let n = 0; n < MAX_WEBHOOKS; n += 1) await put(BODY, `w${n}`).expect(201);
    expect((await put(BODY, 'more').expect(409)).body.code).toBe('TooManyWebhooks');
  });

  it('are changed by a merge patch, in the version that If-Match names', async () => {
    const etag = (await put({ ...BODY, experiment: 'blades', labels: { a: '1', b: '2' } })).headers['etag']!;
    const patch = (body: object) => sut.http.patch(`${PATH}/w1`).send(body);
    const { body } = await patch({ experiment: null, labels: { a: null }, disabled: true }).set('If-Match', etag);
    expect(body).toMatchObject({ url: BODY.url, labels: { b: '2' }, disabled: true });
    expect(body).not.toHaveProperty('experiment');
    await patch({}).set('If-Match', etag).expect(412);
    await patch({ url: 'https://localhost/' }).expect(422);
    expect((await sut.http.post(`${PATH}/w1:test`).expect(409)).body.code).toBe('WebhookDisabled');
    await sut.http.patch(`${PATH}/none`).send({}).expect(404);
  });

  it('get a new secret, and keep the one before for a day', async () => {
    const { secret } = (await put()).body;
    const rotated = (await sut.http.post(`${PATH}/w1:rotate`).expect(200)).body;
    expect(rotated.secret).not.toBe(secret);
    expect(Date.parse(rotated.formerSecretExpires) - Date.now()).toBeGreaterThan(23 * 3600_000);
    const { secrets, uid } = await stored();
    expect(secrets.map(({ sealed }) => unseal(CONFIG.secretKeys, sealed, uid))).toEqual([rotated.secret, secret]);
  });

  it('are sent a test event by a workflow that gets no secret', async () => {
    const { secret } = (await put()).body;
    const { event } = (await sut.http.post(`${PATH}/w1:test`).expect(202)).body;
    expect(sut.workflows.webhooks).toMatchObject([
      { workspace: 'aero', webhook: 'w1', event: { id: event, type: 'webhook.test' } },
    ]);
    expect(JSON.stringify(sut.workflows.webhooks)).not.toContain(secret);
  });

  it('list their deliveries, latest first, and none of those of another; all go with them', async () => {
    await put();
    await put(BODY, 'w2');
    const { uid } = await stored();
    const note = async (of: string, id: string, time: string) => {
      const delivery: WebhookDelivery = {
        event: id,
        type: 'job.failed',
        eventTime: time,
        state: 'delivered',
        attempts: [],
      };
      await sut.resources.put({ ...deliveriesOf('aero'), name: deliveryName(of, { id, time }) }, delivery);
    };
    await note(uid, 'e1', '2026-01-15T09:30:00.000Z');
    await note(uid, 'e2', '2026-01-16T09:30:00.000Z');
    await note((await stored('w2')).uid, 'e3', '2026-01-17T09:30:00.000Z');
    const list = () => sut.http.get(`${PATH}/w1/deliveries`);
    expect((await list().expect(200)).body.value.map(({ event }: WebhookDelivery) => event)).toEqual(['e2', 'e1']);
    await sut.http.delete(`${PATH}/w1`).expect(204);
    await sut.http.delete(`${PATH}/w1`).expect(204);
    await list().expect(404);
    expect((await sut.resources.list(deliveriesOf('aero'), { pageSize: 10 })).rows).toHaveLength(1);
  });
});
