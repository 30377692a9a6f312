import ts from "typescript-api";

/** One exported name: its declaration without bodies, and whether a person can read what it is for. */
export interface PublicName {
  readonly name: string;
  readonly declaration: string;
  readonly documented: boolean;
}

/** Reads the public names of an entry point out of its source, sorted. */
export function publicNames(entry: string): readonly PublicName[] {
  const program = ts.createProgram([entry], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: ["node"],
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const module = source && checker.getSymbolAtLocation(source);
  if (!module) throw new Error(`${entry} is not a module`);
  return checker
    .getExportsOfModule(module)
    .map((symbol) => describeSymbol(checker, symbol))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function describeSymbol(checker: ts.TypeChecker, exported: ts.Symbol): PublicName {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declarations = symbol.getDeclarations() ?? [];
  return {
    name: exported.name,
    declaration: declarations.map((declaration) => signatureOf(checker, symbol, declaration)).join("\n"),
    documented: symbol.getDocumentationComment(checker).length > 0,
  };
}

const FLAGS = ts.TypeFormatFlags.NoTruncation | ts.TypeFormatFlags.MultilineObjectLiterals;
const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

function signatureOf(checker: ts.TypeChecker, symbol: ts.Symbol, declaration: ts.Declaration): string {
  // A type that is read off a value says nothing by its text: what it comes to is the promise.
  if (ts.isTypeAliasDeclaration(declaration) && /\btypeof\b/.test(declaration.type.getText()))
    return `type ${symbol.name} = ${checker.typeToString(checker.getDeclaredTypeOfSymbol(symbol), declaration, FLAGS | ts.TypeFormatFlags.InTypeAlias)}`;
  if (ts.isInterfaceDeclaration(declaration) || ts.isTypeAliasDeclaration(declaration))
    return printer.printNode(ts.EmitHint.Unspecified, declaration, declaration.getSourceFile());
  if (ts.isClassDeclaration(declaration)) return classSignature(checker, declaration);
  const type = checker.getTypeOfSymbolAtLocation(symbol, declaration);
  return `const ${symbol.name}: ${checker.typeToString(type, declaration, FLAGS)}`;
}

function classSignature(checker: ts.TypeChecker, declaration: ts.ClassDeclaration): string {
  const members = declaration.members
    .filter((member) => member.name !== undefined && !ts.isPrivateIdentifier(member.name))
    .map((member) => {
      const symbol = member.name && checker.getSymbolAtLocation(member.name);
      if (!symbol) return "";
      return `  ${symbol.name}: ${checker.typeToString(checker.getTypeOfSymbolAtLocation(symbol, member), member, FLAGS)};`;
    });
  return [`class ${declaration.name?.text} {`, ...members, "}"].join("\n");
}
