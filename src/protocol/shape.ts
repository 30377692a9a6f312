/**
 * The vocabulary in which the wire is described: a shape is plain data that says what a member is and what ECR demands of it.
 * Interfaces are written by hand and come first; `StructureShape<T>` then holds the data to the interface, so a member that is
 * missing, misspelt or of the wrong kind does not compile.
 */

/** Text. `pattern` is the source of a regular expression that the whole value must match; lengths count UTF-16 units. */
export interface StringShape<T extends string = string> {
  readonly kind: "string";
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
  /** The only values allowed, in the order in which ECR's error text lists them. */
  readonly values?: readonly T[];
}

/** A number. `integer` refuses fractions. */
export interface NumberShape {
  readonly kind: "number";
  readonly integer: boolean;
  readonly min?: number;
  readonly max?: number;
}

export interface BooleanShape {
  readonly kind: "boolean";
}

/** A `Date` here, epoch seconds with fractions on the wire. */
export interface TimestampShape {
  readonly kind: "timestamp";
}

/** A `Uint8Array` here, base64 on the wire; `min` and `max` count decoded bytes. */
export interface BlobShape {
  readonly kind: "blob";
  readonly min?: number;
  readonly max?: number;
}

export interface ListShape<E = unknown> {
  readonly kind: "list";
  readonly element: ShapeOf<E>;
  readonly min?: number;
  readonly max?: number;
}

interface MapShape<V = unknown> {
  readonly kind: "map";
  readonly key: StringShape;
  readonly value: ShapeOf<V>;
}

export interface StructureShape<T = unknown> {
  readonly kind: "structure";
  readonly members: Members<T>;
}

/** How much a member is promised: `required` is demanded of input, `always` is what ECR is seen to fill in every answer. */
type Presence = "required" | "always" | "optional";

interface Member<T = unknown> {
  readonly presence: Presence;
  readonly shape: ShapeOf<T>;
}

type Members<T> = {
  readonly [K in keyof T]-?: Omit<Member, "presence" | "shape"> & {
    readonly presence: undefined extends T[K] ? "optional" : "required" | "always";
    readonly shape: ShapeOf<Exclude<T[K], undefined>>;
  };
};

/** Any shape, for code that walks one. */
export type Shape =
  | StringShape
  | NumberShape
  | BooleanShape
  | TimestampShape
  | BlobShape
  | ListShape
  | MapShape
  | StructureShape;

/** The shape that describes a value of type `T`. */
type ShapeOf<T> = unknown extends T
  ? Shape
  : [T] extends [string]
    ? StringShape<T>
    : [T] extends [number]
      ? NumberShape
      : [T] extends [boolean]
        ? BooleanShape
        : [T] extends [Date]
          ? TimestampShape
          : [T] extends [Uint8Array]
            ? BlobShape
            : [T] extends [readonly (infer E)[]]
              ? ListShape<E>
              : string extends keyof T
                ? MapShape<T[keyof T]>
                : StructureShape<T>;

/** A member as code that walks a structure meets it. */
export interface MemberPlan {
  readonly name: string;
  readonly required: boolean;
  readonly shape: Shape;
}

const plans = new WeakMap<StructureShape, readonly MemberPlan[]>();

/** The members of a structure, laid out once, in the order in which the AWS SDK sends them: required ones first. */
export function planOf(shape: StructureShape): readonly MemberPlan[] {
  const known = plans.get(shape);
  if (known !== undefined) return known;
  const members = Object.entries<Member>(shape.members).map(([name, { presence, shape }]) => ({
    name,
    required: presence === "required",
    shape,
  }));
  const plan = [...members.filter(({ required }) => required), ...members.filter(({ required }) => !required)];
  plans.set(shape, plan);
  return plan;
}

/** Whether a value of the shape is the same here and on the wire. */
export const isPlain = ({ kind }: Shape): boolean => kind === "string" || kind === "number" || kind === "boolean";

export const string: StringShape = { kind: "string" };
export const boolean: BooleanShape = { kind: "boolean" };
export const timestamp: TimestampShape = { kind: "timestamp" };
export const integer: NumberShape = { kind: "number", integer: true };
export const double: NumberShape = { kind: "number", integer: false };

type Bounds = { readonly min?: number; readonly max?: number };

export const text = (bounds: Bounds & { readonly pattern?: string }): StringShape => ({ kind: "string", ...bounds });
export const oneOf = <T extends string>(...values: readonly T[]): StringShape<T> => ({ kind: "string", values });
export const count = (bounds: Bounds): NumberShape => ({ kind: "number", integer: true, ...bounds });
export const blob = (bounds: Bounds): BlobShape => ({ kind: "blob", ...bounds });
export const list = <S>(element: S, bounds: Bounds = {}): { kind: "list"; element: S } & Bounds => ({
  kind: "list",
  element,
  ...bounds,
});
export const map = <S>(
  key: StringShape,
  value: S,
): { readonly kind: "map"; readonly key: StringShape; readonly value: S } => ({
  kind: "map",
  key,
  value,
});
export const structure = <M>(members: M): { readonly kind: "structure"; readonly members: M } => ({
  kind: "structure",
  members,
});

/** A member that a caller must send. */
export const required = <S>(shape: S): { readonly presence: "required"; readonly shape: S } => ({
  presence: "required",
  shape,
});
/** A member that every answer carries: not promised by AWS's model, so nothing is refused when it is missing. */
export const always = <S>(shape: S): { readonly presence: "always"; readonly shape: S } => ({
  presence: "always",
  shape,
});
export const optional = <S>(shape: S): { readonly presence: "optional"; readonly shape: S } => ({
  presence: "optional",
  shape,
});
