namespace Kennel.Server;

/// <summary>Who asks.</summary>
public sealed record User(string Name, IReadOnlyList<string> Groups)
{
    public const string Masters = "system:masters";
    public const string Nodes = "system:nodes";
    public const string Authenticated = "system:authenticated";
    public const string ServiceAccounts = "system:serviceaccounts";

    const string NodePrefix = "system:node:";

    public static readonly User Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>The server itself and the parts of the same program.</summary>
    public static readonly User Loopback = new("system:apiserver", [Masters, Authenticated]);

    /// <summary>Tells apart users who had the same name one after another; empty when there is none.</summary>
    public string Uid { get; init; } = "";

    /// <summary>What else is known: keys and their values, in the order of coming.</summary>
    public IReadOnlyList<(string Key, IReadOnlyList<string> Values)> Extra { get; init; } = [];

    /// <summary>A part of the same program, which may do everything, under the name by which the audit log tells it apart.</summary>
    public static User Of(string part) => new(part, [Masters, Authenticated]);

    /// <summary>The user that runs pods on a node.</summary>
    public static User OfNode(string node) => new(NodePrefix + node, [Nodes, Authenticated]);

    /// <summary>The node that asks, or null when the user is none.</summary>
    public string? Node => Name.StartsWith(NodePrefix, StringComparison.Ordinal) && Name.Length > NodePrefix.Length && In(Nodes) ? Name[NodePrefix.Length..] : null;

    public bool In(string group) => Groups.Contains(group);
}
