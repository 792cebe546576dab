using System.Text;
using System.Text.RegularExpressions;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>The CNI plugins' masquerading and port rules of one network, for when no plugin can be asked to take them back.</summary>
internal static partial class NatRules
{
    /// <summary>What to give <c>iptables-restore --noflush</c> so that the network's rules and their chains go; empty when there are none.</summary>
    /// <param name="saved">What <c>iptables-save -t nat</c> says.</param>
    public static string Removal(string saved, string network)
    {
        var rules = saved.Split('\n').Where(line => line.StartsWith("-A ", StringComparison.Ordinal) && line.Contains($"name: \\\"{network}\\\"", StringComparison.Ordinal)).ToList();
        if (rules.Count == 0)
        {
            return "";
        }
        var chains = rules.Select(rule => Target().Match(rule)).Where(match => match.Success).Select(match => match.Groups["chain"].Value).Distinct().ToList();
        var text = new StringBuilder("*nat\n");
        foreach (var rule in rules.Where(rule => !chains.Contains(rule.Split(' ')[1])))
        {
            text.Append("-D ").Append(rule.AsSpan(3)).Append('\n');
        }
        foreach (var chain in chains)
        {
            text.Append("-F ").Append(chain).Append("\n-X ").Append(chain).Append('\n');
        }
        return text.Append("COMMIT\n").ToString();
    }

    [GeneratedRegex("-j (?<chain>CNI-(?:DN-)?[0-9a-f]{16,})$", RegexOptions.ExplicitCapture)]
    private static partial Regex Target();
}
