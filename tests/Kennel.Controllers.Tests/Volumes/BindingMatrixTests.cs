using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace Kennel.Controllers.Tests.Volumes;

/// <summary>The binder's matrix, case by case from Cases/binding.json, each with the behaviours that it shows.</summary>
public sealed class BindingMatrixTests
{
    public static TheoryData<string> Names => [.. Cases().Select(c => (string)c["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_claim_meets_volumes_and_classes(string name)
    {
        var test = Cases().Single(c => (string)c["name"]! == name);
        var (then, waits) = BindingCase.Run(test);
        then.ShouldBe((string)test["then"]!);
        if (test["waits"] is { } sentence) waits.ShouldBe((string)sentence!);
        // What does nothing says what it waits for, unless all is well.
        if (then.Length == 0 && test["waits"] is null) ((string?)test["claim"]).ShouldNotBeNull().ShouldContain("bound");
    }

    static IEnumerable<JsonNode> Cases([CallerFilePath] string here = "") =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Path.GetDirectoryName(here)!, "Cases", "binding.json")))!.AsArray().Select(c => c!);
}
