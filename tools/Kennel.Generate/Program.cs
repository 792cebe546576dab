using System.Text.Json;
using Kennel.Generate;

// Usage: Kennel.Generate FACTS_FOLDER OUTPUT_FILE
// Reads types.json, discovery.json and typed-roots.txt, writes one C# file with a record for every type that the roots reach.
var facts = args[0];
using var types = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(facts, "types.json")));
using var discovery = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(facts, "discovery.json")));
var roots = File.ReadLines(Path.Combine(facts, "typed-roots.txt")).Where(l => l.Length > 0 && l[0] != '#');
var model = Model.Load(types.RootElement.GetProperty("definitions"), discovery.RootElement, roots);
Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(args[1]))!);
File.WriteAllText(args[1], Emit.File(model));
