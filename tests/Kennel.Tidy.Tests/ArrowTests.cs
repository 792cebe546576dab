using System.Xml.Linq;

namespace Kennel.Tidy.Tests;

/// <summary>Which room may know which.</summary>
public sealed class ArrowTests
{
    static readonly Dictionary<string, string[]> s_allowed = new(StringComparer.Ordinal)
    {
        ["Kennel.Objects"] = [],
        ["Kennel.Store"] = [],
        ["Kennel.Server"] = ["Kennel.Objects", "Kennel.Store"],
        ["Kennel.Client"] = ["Kennel.Objects"],
        ["Kennel.Controllers"] = ["Kennel.Objects", "Kennel.Client"],
        ["Kennel.Node"] = ["Kennel.Objects", "Kennel.Client"],
        ["Kennel.Network"] = ["Kennel.Objects", "Kennel.Client"],
        ["Kennel.Cli"] = ["Kennel.Objects", "Kennel.Store", "Kennel.Server", "Kennel.Client", "Kennel.Controllers", "Kennel.Node", "Kennel.Network"],
    };

    [Fact]
    public void Every_room_references_only_the_rooms_it_may()
    {
        foreach (var folder in Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src")))
        {
            var name = Path.GetFileName(folder);
            s_allowed.ShouldContainKey(name);
            var references = XDocument.Load(Path.Combine(folder, name + ".csproj")).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value)).Where(r => r != "Kennel.Generate");
            references.ShouldBeSubsetOf(s_allowed[name], name);
        }
    }

    [Fact]
    public void Only_the_composition_root_and_the_program_meet_server_and_client_at_once()
    {
        foreach (var file in Repository.Sources("src").Where(f => !f.StartsWith("src/Kennel.Cli/", StringComparison.Ordinal)))
        {
            var text = File.ReadAllText(Path.Combine(Repository.Root, file));
            (text.Contains("using Kennel.Server", StringComparison.Ordinal) && text.Contains("using Kennel.Client", StringComparison.Ordinal)).ShouldBeFalse(file);
        }
    }
}
