using System.Collections.Immutable;
using Kennel.Server.Writing;
using Kennel.Store;

namespace Kennel.Server.Access.Roles;

/// <summary>Roles and who has them, found by subject: what a request costs doesn't depend on how many there are. Readers take no lock.</summary>
sealed class RoleBook(IStore store) : StoreMirror(store, Root)
{
    const string Root = "/registry/rbac.authorization.k8s.io/";

    static readonly ImmutableSortedDictionary<string, Binding> s_none = ImmutableSortedDictionary.Create<string, Binding>(StringComparer.Ordinal);

    // By kind, namespace and name; the writer replaces them whole.
    volatile ImmutableDictionary<(string Kind, string Space, string Name), IReadOnlyList<Rule>> _roles = ImmutableDictionary<(string, string, string), IReadOnlyList<Rule>>.Empty;
    volatile ImmutableDictionary<(Subject Subject, string Space), ImmutableSortedDictionary<string, Binding>> _bindings =
        ImmutableDictionary<(Subject, string), ImmutableSortedDictionary<string, Binding>>.Empty;

    readonly Dictionary<string, Binding> _byKey = new(StringComparer.Ordinal);

    /// <summary>The rules of a role; null when there is none of this name.</summary>
    /// <param name="space">Of the binding that names it.</param>
    public IReadOnlyList<Rule>? Find(string kind, string space, string name) => _roles.GetValueOrDefault((kind, kind == "Role" ? space : "", name));

    /// <summary>The bindings that a user has in a namespace, those that count everywhere first.</summary>
    public IEnumerable<(Binding Binding, Subject Subject)> Of(User user, string space)
    {
        var bindings = _bindings;
        foreach (var scope in space.Length == 0 ? [""] : new[] { "", space })
        {
            foreach (var binding in At(bindings, Subject.User(user.Name), scope)) yield return binding;
            foreach (var group in user.Groups)
                foreach (var binding in At(bindings, Subject.Group(group), scope)) yield return binding;
        }
    }

    static IEnumerable<(Binding, Subject)> At(ImmutableDictionary<(Subject, string), ImmutableSortedDictionary<string, Binding>> bindings, Subject asking, string scope)
    {
        if (!bindings.TryGetValue((asking, scope), out var found)) yield break;
        foreach (var (_, binding) in found) yield return (binding, binding.Subjects.First(s => s.Asking == asking));
    }

    protected override void Apply(string key, ReadOnlyMemory<byte>? value)
    {
        var parts = key[Root.Length..].Split('/');
        var (space, name) = parts.Length > 2 ? (parts[1], parts[2]) : ("", parts[1]);
        switch (parts[0])
        {
            case "roles" or "clusterroles":
                var id = (parts[0] == "roles" ? "Role" : "ClusterRole", space, name);
                _roles = value is { } role ? _roles.SetItem(id, [.. Stored.Parse(role).Objects("rules").Select(Rule.Read)]) : _roles.Remove(id);
                break;
            case "rolebindings" or "clusterrolebindings":
                Bind(key, value is { } binding ? Binding.Read(Stored.Parse(binding)) : null);
                break;
        }
    }

    void Bind(string key, Binding? next)
    {
        var bindings = _bindings.ToBuilder();
        if (_byKey.Remove(key, out var before))
            foreach (var subject in before.Subjects)
                if (bindings.TryGetValue((subject.Asking, before.Namespace), out var there))
                {
                    if (there.Remove(key) is { IsEmpty: false } left) bindings[(subject.Asking, before.Namespace)] = left;
                    else bindings.Remove((subject.Asking, before.Namespace));
                }
        if (next is not null)
        {
            _byKey[key] = next;
            foreach (var subject in next.Subjects)
                bindings[(subject.Asking, next.Namespace)] = bindings.GetValueOrDefault((subject.Asking, next.Namespace), s_none).SetItem(key, next);
        }
        _bindings = bindings.ToImmutable();
    }
}
