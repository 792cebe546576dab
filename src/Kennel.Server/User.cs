namespace Kennel.Server;

/// <summary>Who asks.</summary>
public sealed record User(string Name, IReadOnlyList<string> Groups)
{
    public const string Masters = "system:masters";
    public const string Nodes = "system:nodes";
    public const string Authenticated = "system:authenticated";

    public static readonly User Anonymous = new("system:anonymous", ["system:unauthenticated"]);

    /// <summary>The server itself and the parts of the same program.</summary>
    public static readonly User Loopback = new("system:apiserver", [Masters, Authenticated]);

    public bool In(string group) => Groups.Contains(group);
}
