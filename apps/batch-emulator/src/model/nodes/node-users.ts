import { batchError, invalidProperty } from '../../errors';
import { parseTime, type Micros } from '../../util/time';
import type { ComputeNode } from './node';
import { checkUsable } from './node-operations';
import type { World } from '../world';

/** A user account on a node. Secrets are not kept: nobody can log in here. */
export interface NodeUser {
  name: string;
  isAdmin: boolean;
  expiry: Micros;
}

export interface NodeUserRequest {
  name: string;
  isAdmin?: boolean;
  expiryTime?: string;
}

const DEFAULT_LIFE_MICROS = 86_400_000_000;
const MAX_NAME = 20;

/** Rules of the users of a node. */
export class NodeUsers {
  constructor(private readonly world: World) {}

  /** "Compute Node - Add User". */
  add(node: ComputeNode, { name, isAdmin = false, expiryTime }: NodeUserRequest): void {
    checkUsable(node);
    if (name === '' || name.length > MAX_NAME)
      throw invalidProperty('name', name, `The name may have 1 to ${MAX_NAME} characters.`);
    if (this.find(node, name)) throw batchError('NodeUserExists');
    this.put(node, { name, isAdmin, expiry: this.expiry(expiryTime) });
  }

  /** "Compute Node - Update User": what is left out goes back to its default. */
  update(node: ComputeNode, name: string, { expiryTime }: Pick<NodeUserRequest, 'expiryTime'>): void {
    checkUsable(node);
    this.put(node, { ...this.get(node, name), expiry: this.expiry(expiryTime) });
  }

  /** "Compute Node - Delete User". */
  delete(node: ComputeNode, name: string): void {
    checkUsable(node);
    this.get(node, name);
    node.users.delete(name.toLowerCase());
    this.world.journal.node(node);
  }

  private get(node: ComputeNode, name: string): NodeUser {
    const user = this.find(node, name);
    if (!user) throw batchError('NodeUserNotFound');
    return user;
  }

  /** One that has expired is gone. */
  private find(node: ComputeNode, name: string): NodeUser | undefined {
    const user = node.users.get(name.toLowerCase());
    return user && user.expiry > this.world.clock.now() ? user : undefined;
  }

  private put(node: ComputeNode, user: NodeUser): void {
    node.users.set(user.name.toLowerCase(), user);
    this.world.journal.node(node);
  }

  private expiry(text: string | undefined): Micros {
    const now = this.world.clock.now();
    const expiry = (text === undefined ? undefined : parseTime(text)) ?? now + DEFAULT_LIFE_MICROS;
    if (expiry <= now) throw invalidProperty('expiryTime', text, 'The expiry time has passed.');
    return expiry;
  }
}
