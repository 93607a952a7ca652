package dev.groundplane.services.secretsmanager;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.secretsmanager.model.GetRandomPasswordRequest;

/** Passwords from a secure source, of the kinds of characters that a request asks for. */
final class RandomPassword {
    private static final int DEFAULT_LENGTH = 32;
    private static final int MAX_LENGTH = 4096;
    private static final SecureRandom RANDOM = new SecureRandom();

    private RandomPassword() {}

    static String of(GetRandomPasswordRequest request) {
        int length = request.passwordLength() == null ? DEFAULT_LENGTH : Math.toIntExact(request.passwordLength());
        if (length < 1 || length > MAX_LENGTH) {
            throw Parameters.violation("passwordLength", "Member must have value between 1 and " + MAX_LENGTH);
        }
        List<String> kinds = kinds(request);
        String all = String.join("", kinds);
        if (all.isEmpty()) {
            throw SecretErrors.invalidParameter("The password has no characters left that it could be made of.");
        }
        boolean each = !Boolean.FALSE.equals(request.requireEachIncludedType());
        if (each && kinds.size() > length) {
            throw SecretErrors.invalidParameter("Password length is too short based on the required types.");
        }
        List<Character> password = new ArrayList<>();
        if (each) {
            kinds.forEach(kind -> password.add(one(kind)));
        }
        while (password.size() < length) {
            password.add(one(all));
        }
        Collections.shuffle(password, RANDOM);
        return password.stream().map(String::valueOf).collect(Collectors.joining());
    }

    private static List<String> kinds(GetRandomPasswordRequest request) {
        String excluded = request.excludeCharacters() == null ? "" : request.excludeCharacters();
        List<String> kinds = new ArrayList<>();
        add(kinds, request.excludeLowercase(), "abcdefghijklmnopqrstuvwxyz", excluded);
        add(kinds, request.excludeUppercase(), "ABCDEFGHIJKLMNOPQRSTUVWXYZ", excluded);
        add(kinds, request.excludeNumbers(), "0123456789", excluded);
        add(kinds, request.excludePunctuation(), "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", excluded);
        add(kinds, !Boolean.TRUE.equals(request.includeSpace()), " ", excluded);
        return kinds;
    }

    private static void add(List<String> kinds, Boolean exclude, String characters, String excluded) {
        String left = characters
                .chars()
                .filter(c -> excluded.indexOf(c) < 0)
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        if (!Boolean.TRUE.equals(exclude) && !left.isEmpty()) {
            kinds.add(left);
        }
    }

    private static char one(String characters) {
        return characters.charAt(RANDOM.nextInt(characters.length()));
    }
}
