using System.Text.Json.Nodes;
using Kennel.Server.Writing;

namespace Kennel.Server.Access.Roles;

/// <summary>Who has a role: everywhere, or in one namespace.</summary>
/// <param name="Namespace">Empty: the binding counts everywhere.</param>
/// <param name="RoleKind">Role or ClusterRole.</param>
sealed record Binding(string Namespace, string Name, string RoleKind, string RoleName, IReadOnlyList<Subject> Subjects)
{
    public static Binding Read(JsonObject o)
    {
        var (space, role) = (o.Object("metadata").Text("namespace"), o.Object("roleRef"));
        return new(space, o.Name(), role.Text("kind"), role.Text("name"), [.. o.Objects("subjects").Select(s => Subject.Read(s, space))]);
    }

    /// <summary>As upstream explains why somebody may.</summary>
    public string Describe(Subject subject) => Namespace.Length == 0
        ? $"ClusterRoleBinding \"{Name}\" of {RoleKind} \"{RoleName}\" to {subject}"
        : $"RoleBinding \"{Name}/{Namespace}\" of {RoleKind} \"{RoleName}\" to {subject}";
}

/// <summary>A user, a group or a service account.</summary>
readonly record struct Subject(string Kind, string Name, string Namespace)
{
    public static Subject User(string name) => new("User", name, "");

    public static Subject Group(string name) => new("Group", name, "");

    public static Subject Read(JsonObject o, string space) => o.Text("kind") == "ServiceAccount"
        ? new("ServiceAccount", o.Text("name"), o.Text("namespace") is { Length: > 0 } said ? said : space)
        : new(o.Text("kind"), o.Text("name"), "");

    /// <summary>As whom the subject asks: service accounts are users by a name of their own.</summary>
    public Subject Asking => Kind == "ServiceAccount" ? User($"system:serviceaccount:{Namespace}:{Name}") : this;

    public override string ToString() => Kind == "ServiceAccount" ? $"ServiceAccount \"{Name}/{Namespace}\"" : $"{Kind} \"{Name}\"";
}
