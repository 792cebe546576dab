using System.Text.RegularExpressions;

namespace Kennel.Walkthrough.Tests.Guides;

/// <summary>
/// A page of docs/guides as a script. A box <c>console</c> has commands behind <c>$</c>, what is typed into them behind <c>/ #</c>, and what they print;
/// <c>console second-terminal</c> has a command that goes on; <c>text watch</c> has what that prints in between. Other boxes aren't run.
/// </summary>
public static partial class Guide
{
    public static IEnumerable<Step> Read(string file)
    {
        var (heading, lines) = ("", File.ReadAllLines(file));
        for (var i = 0; i < lines.Length; i++)
        {
            if (lines[i].StartsWith('#')) heading = lines[i].TrimStart('#', ' ');
            if (Fence().Match(lines[i]) is not { Success: true } fence) continue;
            var box = lines[(i + 1)..].TakeWhile(l => l != "```").ToList();
            i += box.Count + 1;
            foreach (var step in Steps(heading, fence.Groups[1].Value, box)) yield return step;
        }
    }

    static IEnumerable<Step> Steps(string heading, string kind, List<string> box) => kind switch
    {
        "console" => Commands(heading, box),
        "console second-terminal" => [new Step.Second(heading, box[0][2..])],
        "text watch" => [new Step.Watch(heading, box, Order.All)],
        "text watch, each pod for itself" => [new Step.Watch(heading, box, Order.EachPod)],
        "text watch, the end of each pod" => [new Step.Watch(heading, box, Order.EndOfEachPod)],
        "sh" or "yaml" => [],
        _ => throw new InvalidDataException($"{heading}: a box of an unknown kind: {kind}"),
    };

    static IEnumerable<Step> Commands(string heading, List<string> box)
    {
        const string typed = "/ # ";
        for (var i = 0; i < box.Count;)
        {
            if (!box[i].StartsWith("$ ", StringComparison.Ordinal)) throw new InvalidDataException($"{heading}: no command: {box[i]}");
            var answer = box[(i + 1)..].TakeWhile(l => !l.StartsWith("$ ", StringComparison.Ordinal)).ToList();
            var input = answer.Where(l => l.StartsWith(typed, StringComparison.Ordinal)).Select(l => l[typed.Length..]).ToList();
            yield return new Step.Command(heading, box[i][2..], input, [.. answer.Where(l => !l.StartsWith(typed, StringComparison.Ordinal))]);
            i += 1 + answer.Count;
        }
    }

    [GeneratedRegex("^```(\\S.*)$")]
    private static partial Regex Fence();
}

/// <summary>One thing to do or to see.</summary>
public abstract record Step(string Heading)
{
    public sealed record Command(string Heading, string Text, IReadOnlyList<string> Input, IReadOnlyList<string> Answer) : Step(Heading)
    {
        public bool NeedsTerminal => Text.Contains(" -t ", StringComparison.Ordinal) || Text.Contains(" --tty ", StringComparison.Ordinal);

        /// <summary>Looks without changing anything: what it shows may need a moment to become true.</summary>
        public bool OnlyLooks => Text.StartsWith("kennel status", StringComparison.Ordinal) || !NeedsInput && s_looks.Any(l => Text.Contains(l, StringComparison.Ordinal));

        bool NeedsInput => Input.Count > 0;

        static readonly string[] s_looks = ["kubectl get ", "kubectl exec ", "kubectl describe "];
    }

    public sealed record Second(string Heading, string Text) : Step(Heading);

    public sealed record Watch(string Heading, IReadOnlyList<string> Lines, Order Order) : Step(Heading);
}

/// <summary>How strictly the lines of a watch are compared.</summary>
public enum Order
{
    /// <summary>All lines as they stand.</summary>
    All,

    /// <summary>Those of each pod as they stand; pods that change at the same time in any mixture.</summary>
    EachPod,

    /// <summary>The last ones of each pod.</summary>
    EndOfEachPod,
}
